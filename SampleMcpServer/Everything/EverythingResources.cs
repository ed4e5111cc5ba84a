using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using AspireGateway.SampleMcpServer.Everything.Changes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer.Everything;

[McpServerResourceType]
internal sealed class EverythingResources
{
    /// <summary>A resource that is always the same.</summary>
    public const string StaticText = "test://static-text";

    // More than a page of a list.
    private const int NumberedResources = 30;
    private const string PlainText = "text/plain";

    [McpServerResource(UriTemplate = StaticText, Name = "static-text", MimeType = PlainText)]
    [Description("A text that never changes.")]
    public static string Text() => "This is the content of the static text resource.";

    [McpServerResource(UriTemplate = "test://static-binary", Name = "static-binary", MimeType = "image/png")]
    [Description("A picture that never changes.")]
    public static ResourceContents Binary() =>
        BlobResourceContents.FromBytes(Media.Pixel, "test://static-binary", "image/png");

    [McpServerResource(UriTemplate = WatchedResource.Uri, Name = "watched-resource", MimeType = PlainText)]
    [Description("A text that change_watched_resource changes; who has subscribed is told.")]
    public static string Watched(WatchedResource watched) => $"Version {watched.Version}";

    [McpServerResource(UriTemplate = "test://template/{id}/data", Name = "template", MimeType = "application/json")]
    [Description("Data for any id.")]
    public static ResourceContents Template(
        RequestContext<ReadResourceRequestParams> request,
        [Description("Any id")] string id
    ) =>
        new TextResourceContents
        {
            Uri = request.Params.Uri,
            MimeType = "application/json",
            Text = JsonSerializer.Serialize(
                new
                {
                    id,
                    templateTest = true,
                    data = $"Data for ID: {id}",
                }
            ),
        };

    /// <summary>Refuses what is none of the others, and names it, which revision 2026-07-28 asks for.</summary>
    public static ValueTask<ReadResourceResult> NotFound(
        RequestContext<ReadResourceRequestParams> request,
        CancellationToken cancellationToken
    )
    {
        var uri = request.Params.Uri;
        var code = ClientOf.IsModern(request) ? McpErrorCode.InvalidParams : McpErrorCode.ResourceNotFound;
        throw new McpProtocolException($"There is no resource '{uri}'.", code) { Data = { ["uri"] = uri } };
    }

    /// <summary>Enough resources for more than one page.</summary>
    public static IEnumerable<McpServerResource> Numbered() =>
        from number in Enumerable.Range(1, NumberedResources)
        let name = number.ToString("00", CultureInfo.InvariantCulture)
        select McpServerResource.Create(
            () => $"This is resource {name}.",
            new()
            {
                UriTemplate = $"test://numbered/{name}",
                Name = $"numbered-{name}",
                Description = $"Number {name} of {NumberedResources}.",
                MimeType = PlainText,
            }
        );
}
