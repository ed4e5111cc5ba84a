using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer.Everything;

/// <summary>Tools that answer at once, with each kind of content.</summary>
[McpServerToolType]
internal sealed class ContentTools
{
    [McpServerTool(Name = "test_simple_text", ReadOnly = true)]
    [Description("Answers with one text.")]
    public static string SimpleText() => "This is a simple text response for testing.";

    [McpServerTool(Name = "test_image_content", ReadOnly = true)]
    [Description("Answers with a picture.")]
    public static ContentBlock Image() => ImageContentBlock.FromBytes(Media.Pixel, "image/png");

    [McpServerTool(Name = "test_audio_content", ReadOnly = true)]
    [Description("Answers with a sound.")]
    public static ContentBlock Audio() => AudioContentBlock.FromBytes(Media.Silence, "audio/wav");

    [McpServerTool(Name = "test_embedded_resource", ReadOnly = true)]
    [Description("Answers with a resource inside of the result.")]
    public static ContentBlock EmbeddedResource() =>
        new EmbeddedResourceBlock
        {
            Resource = new TextResourceContents
            {
                Uri = "test://embedded-resource",
                MimeType = "text/plain",
                Text = "This is an embedded resource content.",
            },
        };

    [McpServerTool(Name = "resource_link", ReadOnly = true)]
    [Description("Answers with a link to a resource that can be read from this server.")]
    public static ContentBlock ResourceLink() =>
        new ResourceLinkBlock
        {
            Uri = EverythingResources.StaticText,
            Name = "static-text",
            MimeType = "text/plain",
        };

    [McpServerTool(Name = "test_multiple_content_types", ReadOnly = true)]
    [Description("Answers with a text, a picture and a resource.")]
    public static IEnumerable<ContentBlock> MultipleContentTypes() =>
        [
            new TextContentBlock { Text = "Multiple content types test:" },
            ImageContentBlock.FromBytes(Media.Pixel, "image/png"),
            new EmbeddedResourceBlock
            {
                Resource = new TextResourceContents
                {
                    Uri = "test://mixed-content-resource",
                    MimeType = "application/json",
                    Text = """{"test":"data","value":123}""",
                },
            },
        ];

    [McpServerTool(Name = "test_error_handling", ReadOnly = true)]
    [Description("Always fails, with a result that says so.")]
    public static string Fail() => throw new McpException("This tool intentionally returns an error for testing");

    [McpServerTool(Name = "structured_output", ReadOnly = true, UseStructuredContent = true)]
    [Description("Adds numbers and answers with an object whose schema is listed.")]
    public static Sum Add([Description("The numbers to add")] double[] numbers) => new(numbers.Length, numbers.Sum());

    [McpServerTool(Name = "greet_in_region", ReadOnly = true)]
    [Description("Greets; region, priority and urgent also travel as HTTP headers of the request.")]
    public static string GreetInRegion(
        [Description("Whom to greet")] string name,
        [McpHeader("Region"), Description("Where the greeting is meant for")] string region,
        [McpHeader("Priority"), Description("How important it is")] int priority = 0,
        [McpHeader("Urgent"), Description("Whether it cannot wait")] bool urgent = false
    ) =>
        FormattableString.Invariant(
            $"Hello {name} in {region}, priority {priority}, {(urgent ? "urgent" : "not urgent")}."
        );
}

/// <summary>Result of <c>structured_output</c>.</summary>
/// <param name="Count">How many numbers there were.</param>
/// <param name="Total">Their sum.</param>
internal sealed record Sum(int Count, double Total);
