using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AspireGateway.TestClient.Tour.Stops;

/// <summary>Prompts, resources and completion.</summary>
internal static class OfferStops
{
    private const int OnePage = 20;

    public static readonly Stop[] All =
    [
        new("prompts", PromptsAsync),
        new("prompt: arguments", ArgumentsAsync),
        new(
            "prompt: embedded resource",
            static async (c, cancel) =>
                Expect.Content<EmbeddedResourceBlock>(
                    await PromptAsync(c, "test_prompt_with_embedded_resource", cancel, ("resourceUri", "test://any"))
                )
        ),
        new(
            "prompt: image",
            static async (c, cancel) =>
                Expect.Content<ImageContentBlock>(await PromptAsync(c, "test_prompt_with_image", cancel))
        ),
        new("resources, in pages", ResourcesAsync),
        new(
            "resource: text",
            static async (c, cancel) =>
                Expect.That(await ReadAsync(c, "test://static-text", cancel) is TextResourceContents, "it is no text")
        ),
        new(
            "resource: binary",
            static async (c, cancel) =>
                Expect.That(
                    await ReadAsync(c, "test://static-binary", cancel) is BlobResourceContents { Blob.Length: > 0 },
                    "it is not binary"
                )
        ),
        new("resource: template", TemplateAsync),
        new("resource: not found", NotFoundAsync),
        new("completion: prompt", CompletePromptAsync),
        new("completion: resource", CompleteResourceAsync),
        new("ping", static async (c, cancel) => await c.Client.PingAsync(cancellationToken: cancel))
        {
            Until = Revisions.WithoutSessions,
        },
    ];

    private static async Task PromptsAsync(TourClient client, CancellationToken cancellationToken)
    {
        var prompts = await client.Client.ListPromptsAsync(cancellationToken: cancellationToken);
        Expect.That(
            prompts.Any(prompt => prompt.Name == client.Name("test_simple_prompt")),
            "test_simple_prompt is not listed"
        );
        Expect.Content<TextContentBlock>(await PromptAsync(client, "test_simple_prompt", cancellationToken));
    }

    private static async Task ArgumentsAsync(TourClient client, CancellationToken cancellationToken)
    {
        var content = await PromptAsync(
            client,
            "test_prompt_with_arguments",
            cancellationToken,
            ("arg1", "one"),
            ("arg2", "two")
        );
        Expect.That(
            Expect.Content<TextContentBlock>(content).Text.EndsWith("arg1='one', arg2='two'", StringComparison.Ordinal),
            "the arguments are not in the prompt"
        );
    }

    private static async Task<IEnumerable<ContentBlock>> PromptAsync(
        TourClient client,
        string name,
        CancellationToken cancellationToken,
        params (string Name, object? Value)[] arguments
    )
    {
        var prompt = await client.Client.GetPromptAsync(
            client.Name(name),
            TourClient.Arguments(arguments),
            cancellationToken: cancellationToken
        );
        return prompt.Messages.Select(static message => message.Content);
    }

    private static async Task ResourcesAsync(TourClient client, CancellationToken cancellationToken)
    {
        var resources = await client.Client.ListResourcesAsync(cancellationToken: cancellationToken);
        Expect.That(resources.Count > OnePage, $"{resources.Count} resources are no more than the first page");
    }

    private static async Task<ResourceContents> ReadAsync(
        TourClient client,
        string uri,
        CancellationToken cancellationToken
    )
    {
        var read = await client.Client.ReadResourceAsync(client.Address(uri), cancellationToken: cancellationToken);
        return read.Contents is [var content] ? content : throw new ClientFailure("there is not one content");
    }

    private static async Task TemplateAsync(TourClient client, CancellationToken cancellationToken)
    {
        var templates = await client.Client.ListResourceTemplatesAsync(cancellationToken: cancellationToken);
        Expect.That(
            templates.Any(template => template.UriTemplate == client.Address("test://template/{id}/data")),
            "the template is not listed"
        );
        var content = await ReadAsync(client, "test://template/7/data", cancellationToken);
        Expect.That(
            content is TextResourceContents text && text.Text.Contains("Data for ID: 7", StringComparison.Ordinal),
            "the id is not in the content"
        );
    }

    private static async Task NotFoundAsync(TourClient client, CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync(client, "test://nowhere", cancellationToken);
        }
        catch (McpProtocolException refusal)
            when (refusal.ErrorCode is McpErrorCode.ResourceNotFound or McpErrorCode.InvalidParams)
        {
            return;
        }

        throw new ClientFailure("a resource that is not there could be read");
    }

    private static async Task CompletePromptAsync(TourClient client, CancellationToken cancellationToken)
    {
        var result = await client.Client.CompleteAsync(
            new PromptReference { Name = client.Name("test_prompt_with_arguments") },
            "arg1",
            "par",
            cancellationToken: cancellationToken
        );
        Expect.That(result.Completion.Values is ["paris", "park", "party"], "paris, park and party are not suggested");
    }

    private static async Task CompleteResourceAsync(TourClient client, CancellationToken cancellationToken)
    {
        var result = await client.Client.CompleteAsync(
            new ResourceTemplateReference { Uri = client.Address("test://template/{id}/data") },
            "id",
            "12",
            cancellationToken: cancellationToken
        );
        Expect.That(result.Completion.Values is ["123", "124"], "123 and 124 are not suggested");
    }
}
