using System.Text.Json.Nodes;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Outbound;

namespace AspireGateway.Gateway.Tests.Mcp.Conversation;

/// <summary>What targets say outside of calls reaches those who want to hear it.</summary>
public sealed class NotificationTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_changed_list_is_told_on_the_stream_of_a_session_and_of_a_subscription(bool isTargetModern)
    {
        await using var host = await TalkHost.StartAsync(isTargetModern);
        var older = await OlderClient.StartAsync(host.Http, host.Token());
        using var session = await older.ListenAsync();
        using var subscription = await ListenAsync(host, """{"toolsListChanged":true}""");
        (await subscription.NextAsync("notifications/subscriptions/acknowledged"))
            .GetProperty("params")
            .GetProperty("notifications")
            .GetRawText()
            .ShouldBe("""{"toolsListChanged":true}""");

        Rename(host);
        host.Target.Say("notifications/tools/list_changed");

        await session.NextAsync("notifications/tools/list_changed");
        var told = await subscription.NextAsync("notifications/tools/list_changed");
        told.GetProperty("params")
            .GetProperty("_meta")
            .GetProperty("io.modelcontextprotocol/subscriptionId")
            .GetInt32()
            .ShouldBe(7);
        (await older.SendAsync(McpRequests.ListTools)).Text.ShouldContain("talk___renamed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_followed_resource_is_followed_at_the_target_until_nobody_follows_it(bool isTargetModern)
    {
        await using var host = await TalkHost.StartAsync(isTargetModern);
        var older = await OlderClient.StartAsync(host.Http, host.Token());
        using var session = await older.ListenAsync();
        (await older.SendAsync(Subscription("subscribe"))).Result.GetRawText().ShouldBe("{}");
        await HasHeardOfAsync(host, "file:///notes");
        Texts(host).ShouldAllBe(static text => !text.Contains("talk+file:///notes", StringComparison.Ordinal));

        host.Target.Say("notifications/resources/updated", new JsonObject { ["uri"] = "file:///other" });
        host.Target.Say("notifications/resources/updated", new JsonObject { ["uri"] = "file:///notes" });
        (await session.NextAsync("notifications/resources/updated"))
            .GetProperty("params")
            .GetProperty("uri")
            .GetString()
            .ShouldBe("talk+file:///notes");

        host.Target.ClearRequests();
        (await older.SendAsync(Subscription("unsubscribe"))).Result.GetRawText().ShouldBe("{}");
        await Eventually.HoldsAsync(() =>
            Texts(host)
                .Any(text =>
                    isTargetModern
                        ? text.Contains("subscriptions/listen", StringComparison.Ordinal)
                            && !text.Contains("file:///notes", StringComparison.Ordinal)
                        : text.Contains("resources/unsubscribe", StringComparison.Ordinal)
                )
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_changes_before_the_target_is_heard_is_not_lost(bool isTargetModern)
    {
        await using var host = await TalkHost.StartAsync(isTargetModern);
        var older = await OlderClient.StartAsync(host.Http, host.Token());
        using var session = await older.ListenAsync();
        using var subscription = await ListenAsync(host, """{"resourceSubscriptions":["talk+file:///others"]}""");
        await subscription.NextAsync("notifications/subscriptions/acknowledged");

        // The answer may come before the target has heard of the resource, and the target says nothing here.
        await older.SendAsync(Subscription("subscribe"));

        (await session.NextAsync("notifications/resources/updated"))
            .GetProperty("params")
            .GetProperty("uri")
            .GetString()
            .ShouldBe("talk+file:///notes");
        await subscription.NextAsync("notifications/resources/updated");
    }

    [Fact]
    public async Task What_changes_while_the_target_is_asked_for_other_resources_is_not_lost()
    {
        await using var host = await TalkHost.StartAsync(isTargetModern: true);
        var older = await OlderClient.StartAsync(host.Http, host.Token());
        using var session = await older.ListenAsync();
        await IsHeardAsync(host);
        var acknowledging = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Target.Acknowledging = acknowledging.Task;
        await older.SendAsync(Subscription("subscribe"));
        await HasHeardOfAsync(host, "file:///notes");

        Rename(host);
        host.Target.Say("notifications/tools/list_changed");
        await session.NextAsync("notifications/tools/list_changed");

        acknowledging.SetResult();
        await session.NextAsync("notifications/resources/updated");
        await Eventually.HoldsAsync(() => host.Target.StreamCount == 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_changes_while_the_stream_of_a_target_is_broken_is_found_when_it_is_heard_again(
        bool isTargetModern
    )
    {
        await using var host = await TalkHost.StartAsync(isTargetModern);
        var older = await OlderClient.StartAsync(host.Http, host.Token());
        using var session = await older.ListenAsync();
        await IsHeardAsync(host);

        host.Target.BreakStreams();
        Rename(host);

        await session.NextAsync("notifications/tools/list_changed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Resources_that_a_client_follows_all_at_once_are_all_followed(bool isTargetModern)
    {
        await using var host = await TalkHost.StartAsync(isTargetModern);
        var older = await OlderClient.StartAsync(host.Http, host.Token());
        using var session = await older.ListenAsync();
        var uris = Enumerable.Range(0, 20).Select(static index => $"file:///note-{index:00}").ToList();

        await Task.WhenAll(uris.Select(uri => older.SendAsync(Subscription("subscribe", "talk+" + uri))));

        var told = new HashSet<string?>(StringComparer.Ordinal);
        while (told.Count < uris.Count)
        {
            var update = await session.NextAsync("notifications/resources/updated");
            told.Add(update.GetProperty("params").GetProperty("uri").GetString());
        }

        await Eventually.HoldsAsync(() => host.Target.StreamCount == 1);
        if (isTargetModern)
        {
            uris.ShouldAllBe(uri => Texts(host).Last().Contains(uri, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_resource_that_the_target_refuses_keeps_nobody_from_hearing_of_others()
    {
        await using var host = await TalkHost.StartAsync(isTargetModern: false);
        var older = await OlderClient.StartAsync(host.Http, host.Token());
        using var session = await older.ListenAsync();
        host.Target.Refused = "file:///nothing";
        await older.SendAsync(Subscription("subscribe", "talk+file:///nothing"));
        await HasHeardOfAsync(host, "file:///nothing");
        await older.SendAsync(Subscription("subscribe"));
        await HasHeardOfAsync(host, "file:///notes");

        host.Target.Say("notifications/resources/updated", new JsonObject { ["uri"] = "file:///notes" });

        await session.NextAsync("notifications/resources/updated");
    }

    [Fact]
    public async Task A_newer_client_hears_of_the_resources_that_it_named_and_nobody_else_does()
    {
        await using var host = await TalkHost.StartAsync(isTargetModern: true);
        using var other = await ListenAsync(host, """{"toolsListChanged":true,"resourcesListChanged":true}""");
        await other.NextAsync("notifications/subscriptions/acknowledged");
        using var subscription = await ListenAsync(host, """{"resourceSubscriptions":["talk+file:///notes"]}""");
        (await subscription.NextAsync("notifications/subscriptions/acknowledged"))
            .GetProperty("params")
            .GetProperty("notifications")
            .GetProperty("resourceSubscriptions")[0]
            .GetString()
            .ShouldBe("talk+file:///notes");
        await HasHeardOfAsync(host, "file:///notes");

        host.Target.Say("notifications/resources/updated", new JsonObject { ["uri"] = "file:///notes" });
        await subscription.NextAsync("notifications/resources/updated");
        Rename(host);
        host.Target.Say("notifications/tools/list_changed");

        await other.NextAsync("notifications/tools/list_changed");
    }

    private static Task<OpenStream> ListenAsync(TalkHost host, string notifications) =>
        OpenStream.OpenAsync(
            host.Http,
            Modern.Send(
                "/mcp",
                "subscriptions/listen",
                new JsonObject { ["notifications"] = JsonNode.Parse(notifications) },
                host.Token()
            )
        );

    // The lists are read at the start, and once more because nobody heard the target before.
    private static Task IsHeardAsync(TalkHost host) =>
        Eventually.HoldsAsync(() =>
            host.Target.StreamCount == 1
            && host.Target.Requests.Count(static request =>
                request.Text.Contains("tools/list", StringComparison.Ordinal)
            ) >= 2
        );

    private static void Rename(TalkHost host) =>
        host.Target.Tool = new JsonObject { ["name"] = "renamed", ["inputSchema"] = new JsonObject() };

    private static Task HasHeardOfAsync(TalkHost host, string uri) =>
        Eventually.HoldsAsync(() => Texts(host).Any(text => text.Contains(uri, StringComparison.Ordinal)));

    private static string Subscription(string verb, string uri = "talk+file:///notes") =>
        $$$"""{"jsonrpc":"2.0","id":9,"method":"resources/{{{verb}}}","params":{"uri":"{{{uri}}}"}}""";

    private static IEnumerable<string> Texts(TalkHost host) =>
        host
            .Target.Requests.Select(static request => request.Text)
            .Where(static text => text.Contains("subscri", StringComparison.Ordinal));
}
