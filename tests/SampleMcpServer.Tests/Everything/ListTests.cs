using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AspireGateway.SampleMcpServer.Tests.Everything;

/// <summary>What is listed, in pages, and what goes with the lists.</summary>
public sealed class ListTests(EverythingFixture server) : IClassFixture<EverythingFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2025-03-26")]
    [InlineData("2026-07-28")]
    public async Task Pages_add_up_to_the_whole_list_in_order(string revision)
    {
        await using var client = await server.ConnectAsync(revision, Cancel);

        var first = await client.ListResourcesAsync(new ListResourcesRequestParams(), Cancel);
        var second = await client.ListResourcesAsync(
            new ListResourcesRequestParams { Cursor = first.NextCursor },
            Cancel
        );
        var all = await client.ListResourcesAsync(cancellationToken: Cancel);

        first.Resources.Count.ShouldBe(20);
        second.NextCursor.ShouldBeNull();
        var uris = first.Resources.Concat(second.Resources).Select(resource => resource.Uri).ToList();
        uris.ShouldBe(all.Select(resource => resource.Uri));
        uris.ShouldBe(uris.Order(StringComparer.Ordinal));
        (await client.ListToolsAsync(cancellationToken: Cancel)).Count.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task A_cursor_that_nobody_gave_is_refused()
    {
        await using var client = await server.ConnectAsync("2026-07-28", Cancel);

        var refusal = await Should.ThrowAsync<McpProtocolException>(async () =>
            await client.ListToolsAsync(new ListToolsRequestParams { Cursor = "?" }, Cancel)
        );

        refusal.ErrorCode.ShouldBe(McpErrorCode.InvalidParams);
    }

    [Theory]
    [InlineData("2025-11-25", McpErrorCode.ResourceNotFound)]
    [InlineData("2026-07-28", McpErrorCode.InvalidParams)]
    public async Task A_resource_that_is_not_there_has_the_error_of_the_revision(string revision, McpErrorCode code)
    {
        await using var client = await server.ConnectAsync(revision, Cancel);

        var refusal = await Should.ThrowAsync<McpProtocolException>(async () =>
            await client.ReadResourceAsync("test://nowhere", cancellationToken: Cancel)
        );

        refusal.ErrorCode.ShouldBe(code);
        refusal.Data["uri"].ShouldBe("test://nowhere");
    }

    [Fact]
    public async Task Arguments_are_completed()
    {
        await using var client = await server.ConnectAsync("2025-11-25", Cancel);

        var result = await client.CompleteAsync(
            new PromptReference { Name = "test_prompt_with_arguments" },
            "arg1",
            "par",
            cancellationToken: Cancel
        );

        result.Completion.Values.ShouldBe(["paris", "park", "party"]);
    }

    [Fact]
    public async Task Every_revision_that_is_spoken_is_listed()
    {
        await using var client = await server.ConnectAsync("2026-07-28", Cancel);

        var answer = await client.SendRequestAsync(
            new JsonRpcRequest { Method = RequestMethods.ServerDiscover },
            Cancel
        );

        answer.Result!["supportedVersions"]!
            .AsArray()
            .Select(version => (string?)version)
            .ShouldBe(["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"], ignoreOrder: true);
    }
}
