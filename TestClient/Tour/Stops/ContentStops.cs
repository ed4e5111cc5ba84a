using System.Text.Json;
using AspireGateway.TestClient.Mcp;
using ModelContextProtocol.Protocol;

namespace AspireGateway.TestClient.Tour.Stops;

/// <summary>Tools and what they answer with.</summary>
internal static class ContentStops
{
    private const int OnePage = 20;
    private static readonly int[] Numbers = [1, 2, 3];

    public static readonly Stop[] All =
    [
        new("tools, in pages", ListAsync),
        new(
            "tool: text",
            static async (c, cancel) => Expect.Text(await c.CallAsync("test_simple_text", cancel), "simple text")
        ),
        new(
            "tool: image",
            static async (c, cancel) =>
                Expect.Content<ImageContentBlock>((await c.CallAsync("test_image_content", cancel)).Content)
        ),
        new(
            "tool: audio",
            static async (c, cancel) =>
                Expect.Content<AudioContentBlock>((await c.CallAsync("test_audio_content", cancel)).Content)
        ),
        new(
            "tool: embedded resource",
            static async (c, cancel) =>
                Expect.Content<EmbeddedResourceBlock>((await c.CallAsync("test_embedded_resource", cancel)).Content)
        ),
        new("tool: resource link", LinkAsync) { Since = Revisions.Elicitation },
        new(
            "tool: several contents",
            static async (c, cancel) =>
                Expect.That(
                    (await c.CallAsync("test_multiple_content_types", cancel)).Content.Count == 3,
                    "there are not three contents"
                )
        ),
        new(
            "tool: error",
            static async (c, cancel) =>
                Expect.That(
                    (await c.CallAsync("test_error_handling", cancel)).IsError is true,
                    "the result is no error"
                )
        ),
        new("tool: structured output", StructuredAsync) { Since = Revisions.Elicitation },
        new("tool: header parameters", HeadersAsync) { Since = Revisions.WithoutSessions },
    ];

    private static async Task ListAsync(TourClient client, CancellationToken cancellationToken)
    {
        var tools = await ToolCalls.ListAsync(client.Client, cancellationToken);
        Expect.That(tools.Count > OnePage, $"{tools.Count} tools are no more than the first page");
    }

    private static async Task LinkAsync(TourClient client, CancellationToken cancellationToken)
    {
        var link = Expect.Content<ResourceLinkBlock>(
            (await client.CallAsync("resource_link", cancellationToken)).Content
        );
        var read = await client.Client.ReadResourceAsync(link.Uri, cancellationToken: cancellationToken);
        Expect.That(read.Contents.Count == 1, "the link leads nowhere");
    }

    private static async Task StructuredAsync(TourClient client, CancellationToken cancellationToken)
    {
        var result = await client.CallAsync("structured_output", cancellationToken, ("numbers", Numbers));
        Expect.That(
            Expect.Member(result, "total") is { ValueKind: JsonValueKind.Number } total && total.GetDouble() is 6,
            "1 + 2 + 3 is not 6"
        );
    }

    private static async Task HeadersAsync(TourClient client, CancellationToken cancellationToken) =>
        Expect.Text(
            await client.CallAsync(
                "greet_in_region",
                cancellationToken,
                ("name", "Ada"),
                ("region", "Málaga"),
                ("priority", 2),
                ("urgent", true)
            ),
            "Hello Ada in Málaga, priority 2, urgent."
        );
}
