using System.Net;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit.Targets;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Mcp.Trouble;

/// <summary>How much one person and one target may have running at once: 429 with a time to come back, and nobody else is affected.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData("/mcp/weather", "echo", "/mcp/news", "echo")]
    [InlineData("/mcp", "weather___echo", "/mcp", "news___echo")]
    public async Task A_target_that_hangs_uses_up_its_own_places_and_no_others(
        string path,
        string tool,
        string otherPath,
        string otherTool
    )
    {
        await using var news = await FakeTarget.StartNewAsync();
        await using var host = await GatewayHost.StartAsync(
            settings: [("Gateway:Targets:news:Url", news.Url), ("Gateway:Mcp:Limits:CallsPerTarget", "2")]
        );
        using var client = await host.CreateReadyClientAsync();
        var release = Hang(host.Target);
        Task<McpAnswer>[] hanging =
        [
            client.SendAsync(path, McpRequests.CallTool(tool), host.Token()),
            client.SendAsync(path, McpRequests.CallTool(tool), Bob(host)),
        ];
        await Eventually.HoldsAsync(() => host.Target.Calls().Count() == 2);

        var refused = await client.SendAsync(path, McpRequests.CallTool(tool), host.Token());
        var elsewhere = await client.SendAsync(otherPath, McpRequests.CallTool(otherTool), host.Token());
        release.SetResult();
        var finished = await Task.WhenAll(hanging);
        var again = await client.SendAsync(path, McpRequests.CallTool(tool), host.Token());

        refused.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Reason.ShouldBe("target_busy");
        refused.Json.GetProperty("id").GetInt32().ShouldBe(7);
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        elsewhere.Text.ShouldContain("hi");
        finished.ShouldAllBe(static answer => answer.Status == HttpStatusCode.OK);
        again.Status.ShouldBe(HttpStatusCode.OK);
        host.Target.Calls().Count().ShouldBe(3);
    }

    [Fact]
    public async Task One_person_has_so_many_calls_at_once_and_their_cancellations_and_answers_still_come_through()
    {
        await using var host = await GatewayHost.StartAsync(settings: ("Gateway:Mcp:Limits:CallsPerUser", "1"));
        using var client = await host.CreateReadyClientAsync();
        var release = Hang(host.Target);
        var hanging = client.SendAsync("/mcp/weather", McpRequests.CallTool("echo"), host.Token());
        await Eventually.HoldsAsync(() => host.Target.Calls().Any());

        var refused = await client.SendAsync("/mcp", McpRequests.CallTool("weather___echo"), host.Token());
        var cancellation = await client.SendAsync(
            "/mcp/weather",
            """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""",
            host.Token()
        );
        var reply = await client.SendAsync("/mcp/weather", """{"jsonrpc":"2.0","id":1,"result":{}}""", host.Token());
        var other = client.SendAsync("/mcp/weather", McpRequests.CallTool("echo"), Bob(host));
        await Eventually.HoldsAsync(() => host.Target.Calls().Count() == 2);
        release.SetResult();

        refused.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Reason.ShouldBe("user_busy");
        refused.Headers.RetryAfter.ShouldNotBeNull();
        cancellation.Status.ShouldBe(HttpStatusCode.Accepted);
        reply.Status.ShouldBe(HttpStatusCode.Accepted);
        (await other).Status.ShouldBe(HttpStatusCode.OK);
        (await hanging).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Open_streams_are_counted_apart_and_leave_calls_alone()
    {
        await using var host = await GatewayHost.StartAsync(settings: ("Gateway:Mcp:Limits:StreamsPerUser", "1"));
        using var client = await host.CreateReadyClientAsync();
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Target.Override = async (context, request) =>
        {
            if (request.Method != "GET")
            {
                return false;
            }

            await context.OpenEventsAsync();
            await context.UntilLeftAsync();
            left.TrySetResult();
            return true;
        };
        using var first = LegacyRequests.Send(HttpMethod.Get, "/mcp/weather", host.Token(), session: null);
        using var second = LegacyRequests.Send(HttpMethod.Get, "/mcp/weather", host.Token(), session: null);

        using (var open = await OpenStream.OpenAsync(client, first))
        {
            open.Status.ShouldBe(HttpStatusCode.OK);
            var refused = await client.ReadAsync(second);
            refused.Status.ShouldBe(HttpStatusCode.TooManyRequests);
            refused.Reason.ShouldBe("too_many_streams");
            (await client.SendAsync("/mcp/weather", McpRequests.CallTool("echo"), host.Token())).Text.ShouldContain(
                "hi"
            );
        }

        await left.Task.SoonAsync();
        await Eventually.HoldsAsync(() => host.Audit().Count(static record => Text(record, "method") == "GET") == 2);
        // The record is written first, and then the place is free.
        await Eventually.HoldsAsync(async () =>
        {
            using var third = LegacyRequests.Send(HttpMethod.Get, "/mcp/weather", host.Token(), session: null);
            using var again = await OpenStream.OpenAsync(client, third);
            return again.Status == HttpStatusCode.OK;
        });
    }

    [Fact]
    public async Task A_person_who_calls_more_often_than_allowed_is_told_when_to_come_back()
    {
        await using var host = await GatewayHost.StartAsync(settings: ("Gateway:Mcp:Limits:CallsPerMinute", "2"));
        using var client = await host.CreateReadyClientAsync();
        for (var i = 0; i < 2; i++)
        {
            (await client.SendAsync("/mcp/weather", McpRequests.CallTool("echo"), host.Token())).Text.ShouldContain(
                "hi"
            );
        }

        var refused = await client.SendAsync("/mcp/weather", McpRequests.CallTool("echo"), host.Token());
        var other = await client.SendAsync("/mcp/weather", McpRequests.CallTool("echo"), Bob(host));

        refused.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Reason.ShouldBe("rate_limited");
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(1));
        other.Status.ShouldBe(HttpStatusCode.OK);
        host.Target.Calls().Count().ShouldBe(3);
    }

    private static string? Text(System.Text.Json.JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string Bob(GatewayHost host) => host.Token((_, payload) => payload["sub"] = "user-2");

    // Calls wait; everything else is answered as always.
    private static TaskCompletionSource Hang(FakeTarget target)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        target.Override = async (context, request) =>
        {
            if (request.Member("method") is null or "\"notifications/cancelled\"")
            {
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                return true;
            }

            if (request.Member("method") is "\"tools/call\"")
            {
                await release.Task.WaitAsync(context.RequestAborted);
            }

            return false;
        };
        return release;
    }
}
