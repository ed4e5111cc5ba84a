using System.Net;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Outbound;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Mcp.Trouble;

/// <summary>The streams of the aggregate endpoint on which clients hear of changes: none outlives what it was opened with.</summary>
public sealed class StreamEndTests
{
    private const string Path = "/mcp";

    [Fact]
    public async Task A_session_that_its_client_ends_takes_its_stream_with_it_and_no_other()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var ended = await StartSessionAsync(client, host);
        using var stream = await OpenAsync(client, host, ended);
        using var other = await OpenAsync(client, host, await StartSessionAsync(client, host));
        var others = other.ReadToEndAsync();

        using var delete = LegacyRequests.Send(HttpMethod.Delete, Path, host.Token(), ended);
        (await client.ReadAsync(delete)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await stream.ReadToEndAsync()).ShouldNotContain("data:");
        others.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_stream_ends_when_the_time_of_its_session_is_over()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await GatewayHost.StartAsync(time: time);
        using var client = await host.CreateReadyClientAsync();
        using var stream = await OpenAsync(client, host, await StartSessionAsync(client, host));
        var rest = stream.ReadToEndAsync();

        time.Advance(TimeSpan.FromMinutes(59));
        rest.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromMinutes(1));

        (await rest).ShouldNotContain("data:");
    }

    [Fact]
    public async Task A_subscription_is_answered_when_it_has_lasted_as_long_as_a_session()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await GatewayHost.StartAsync(time: time);
        using var client = await host.CreateReadyClientAsync();
        using var listen = Modern.Send(
            Path,
            "subscriptions/listen",
            new JsonObject { ["notifications"] = new JsonObject { ["toolsListChanged"] = true } },
            host.Token()
        );
        using var stream = await OpenStream.OpenAsync(client, listen);
        (await stream.ReadEventAsync()).ShouldContain("acknowledged");
        var rest = stream.ReadToEndAsync();

        time.Advance(TimeSpan.FromMinutes(59));
        rest.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromMinutes(1));

        (await rest).ShouldContain("\"resultType\":\"complete\"");
    }

    private static async Task<string> StartSessionAsync(HttpClient client, GatewayHost host) =>
        (await client.SendAsync(Path, LegacyRequests.Initialize, host.Token()))
            .Headers.GetValues("Mcp-Session-Id")
            .Single();

    private static async Task<OpenStream> OpenAsync(HttpClient client, GatewayHost host, string session)
    {
        using var get = LegacyRequests.Send(HttpMethod.Get, Path, host.Token(), session);
        var stream = await OpenStream.OpenAsync(client, get);
        (await stream.ReadEventAsync()).ShouldContain("open");
        return stream;
    }
}
