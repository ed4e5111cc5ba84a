using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AspireGateway.SampleMcpServer.Tests.Everything;

/// <summary>Clients are told what changes: on a stream that they listen to, or in their session.</summary>
public sealed class ChangeTests(EverythingFixture server) : IClassFixture<EverythingFixture>
{
    private const string Watched = "test://watched-resource";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_that_listens_is_told_what_it_asked_for_and_nothing_else()
    {
        var listener = new TalkativeClient();
        await using var client = await server.ConnectAsAsync(listener.Options("2026-07-28"), Cancel);
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var listening = client.SendRequestAsync(
            new JsonRpcRequest
            {
                Method = RequestMethods.SubscriptionsListen,
                Params = new JsonObject
                {
                    ["notifications"] = new JsonObject
                    {
                        ["resourceSubscriptions"] = new JsonArray(Watched, "test://nowhere"),
                    },
                },
            },
            leave.Token
        );
        var granted = await listener.NextAsync(Cancel);
        granted.Method.ShouldBe(NotificationMethods.SubscriptionsAcknowledgedNotification);
        granted.Params!["notifications"]!.ToJsonString().ShouldBe($$"""{"resourceSubscriptions":["{{Watched}}"]}""");

        await client.CallToolAsync("test_trigger_tool_change", cancellationToken: Cancel);
        await client.CallToolAsync("change_watched_resource", cancellationToken: Cancel);

        var told = await listener.NextAsync(Cancel);
        told.Method.ShouldBe(NotificationMethods.ResourceUpdatedNotification);
        ((string?)told.Params!["uri"]).ShouldBe(Watched);
        told.Params["_meta"]!["io.modelcontextprotocol/subscriptionId"].ShouldNotBeNull();
        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => listening);
    }

    [Fact]
    public async Task A_session_is_told_of_the_resource_that_it_subscribed_to_until_it_does_no_more()
    {
        var subscriber = new TalkativeClient();
        await using var client = await server.ConnectAsAsync(subscriber.Options("2025-11-25"), Cancel);
        await client.SubscribeToResourceAsync(Watched, cancellationToken: Cancel);

        await client.CallToolAsync("change_watched_resource", cancellationToken: Cancel);
        (await subscriber.NextAsync(Cancel)).Method.ShouldBe(NotificationMethods.ResourceUpdatedNotification);

        await client.UnsubscribeFromResourceAsync(Watched, cancellationToken: Cancel);
        await client.CallToolAsync("change_watched_resource", cancellationToken: Cancel);
        await client.CallToolAsync("test_trigger_tool_change", cancellationToken: Cancel);
        (await subscriber.NextAsync(Cancel)).Method.ShouldBe(NotificationMethods.ToolListChangedNotification);
    }

    [Fact]
    public async Task A_tool_that_was_added_by_one_client_can_be_called_by_another()
    {
        await using var one = await server.ConnectAsync("2026-07-28", Cancel);
        await using var other = await server.ConnectAsync("2025-06-18", Cancel);
        // Other tests use the same switch.
        while (!await HasToolAsync(one))
        {
            await one.CallToolAsync("test_trigger_tool_change", cancellationToken: Cancel);
        }

        var result = await other.CallToolAsync("added_tool", cancellationToken: Cancel);

        result.Content.OfType<TextContentBlock>().Single().Text.ShouldBe("I was added.");
    }

    [Fact]
    public async Task A_call_whose_caller_leaves_ends_on_the_server()
    {
        await using var client = await server.ConnectAsync("2026-07-28", Cancel);
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var call = CountAsync(client, "left", leave.Token);
        await EverythingFixture.UntilAsync(client, "left", "running", Cancel);

        await leave.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => call);
        await EverythingFixture.UntilAsync(client, "left", "cancelled", Cancel);
    }

    [Fact]
    public async Task A_session_cancels_a_call_by_saying_so()
    {
        await using var client = await server.ConnectAsync("2025-06-18", Cancel);
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var call = CountAsync(client, "said", leave.Token);
        await EverythingFixture.UntilAsync(client, "said", "running", Cancel);

        await client.SendNotificationAsync(
            NotificationMethods.CancelledNotification,
            new CancelledNotificationParams { RequestId = new("said") },
            cancellationToken: Cancel
        );

        await EverythingFixture.UntilAsync(client, "said", "cancelled", Cancel);
        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call);
    }

    // The label is the id of the request too: who sends notifications must know it.
    private static Task<JsonRpcResponse> CountAsync(
        McpClient client,
        string label,
        CancellationToken cancellationToken
    ) =>
        client.SendRequestAsync(
            new JsonRpcRequest
            {
                Id = new(label),
                Method = RequestMethods.ToolsCall,
                Params = new JsonObject
                {
                    ["name"] = "count_slowly",
                    ["arguments"] = new JsonObject
                    {
                        ["label"] = label,
                        ["steps"] = 10_000,
                        ["millisecondsPerStep"] = 60_000,
                    },
                },
            },
            cancellationToken
        );

    private static async Task<bool> HasToolAsync(McpClient client) =>
        (await client.ListToolsAsync(cancellationToken: Cancel)).Any(tool => tool.Name is "added_tool");
}
