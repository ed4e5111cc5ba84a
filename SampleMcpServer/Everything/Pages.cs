using System.Buffers.Text;
using System.Text;
using ModelContextProtocol;

namespace AspireGateway.SampleMcpServer.Everything;

/// <summary>
/// Lists in pages of twenty, ordered by name. A cursor is the last name of the page before, so that what comes and goes
/// meanwhile neither repeats nor hides anything else.
/// </summary>
internal static class Pages
{
    private const int Size = 20;

    /// <summary>Puts pages on all four lists.</summary>
    public static void AddTo(IMcpRequestFilterBuilder filters) =>
        filters
            .AddListToolsFilter(next =>
                async (request, cancellationToken) =>
                {
                    var cursor = request.Params?.Cursor;
                    request.Params = new();
                    var all = await next(request, cancellationToken);
                    (all.Tools, all.NextCursor) = Page(all.Tools, static tool => tool.Name, cursor);
                    return all;
                }
            )
            .AddListPromptsFilter(next =>
                async (request, cancellationToken) =>
                {
                    var cursor = request.Params?.Cursor;
                    request.Params = new();
                    var all = await next(request, cancellationToken);
                    (all.Prompts, all.NextCursor) = Page(all.Prompts, static prompt => prompt.Name, cursor);
                    return all;
                }
            )
            .AddListResourcesFilter(next =>
                async (request, cancellationToken) =>
                {
                    var cursor = request.Params?.Cursor;
                    request.Params = new();
                    var all = await next(request, cancellationToken);
                    (all.Resources, all.NextCursor) = Page(all.Resources, static resource => resource.Uri, cursor);
                    return all;
                }
            )
            .AddListResourceTemplatesFilter(next =>
                async (request, cancellationToken) =>
                {
                    var cursor = request.Params?.Cursor;
                    request.Params = new();
                    var all = await next(request, cancellationToken);
                    (all.ResourceTemplates, all.NextCursor) = Page(
                        all.ResourceTemplates,
                        static template => template.UriTemplate,
                        cursor
                    );
                    return all;
                }
            );

    private static (IList<T> Page, string? Next) Page<T>(IList<T> all, Func<T, string> key, string? cursor)
    {
        var after = cursor is null ? null : Read(cursor);
        var rest = all.OrderBy(key, StringComparer.Ordinal)
            .Where(item => after is null || string.CompareOrdinal(key(item), after) > 0)
            .Take(Size + 1)
            .ToList();
        return rest.Count <= Size
            ? (rest, null)
            : (rest[..Size], Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key(rest[Size - 1]))));
    }

    private static string Read(string cursor) =>
        Base64Url.IsValid(cursor)
            ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor))
            : throw new McpProtocolException("This cursor is not from this server.", McpErrorCode.InvalidParams);
}
