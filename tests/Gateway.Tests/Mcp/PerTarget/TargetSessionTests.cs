using System.Net;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit.Targets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Mcp.PerTarget;

/// <summary>Sessions of targets: the client gets an id of the gateway's, which is its user's, for this target, and for a time.</summary>
public sealed class TargetSessionTests : IDisposable
{
    private const string Path = "/mcp/weather";

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-sessions-").FullName;

    [Fact]
    public async Task A_session_of_the_target_belongs_to_the_user_who_started_it()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        host.Target.Override = AnswerInSession;
        var alice = host.Token();
        var bob = host.Token((_, payload) => payload["sub"] = "user-2");

        var session = await StartAsync(client, alice);
        host.Target.ClearRequests();
        var own = await SendAsync(client, alice, session);
        var foreign = await SendAsync(client, bob, session);
        var forged = await SendAsync(client, alice, "upstream-session");

        session.ShouldNotContain("upstream");
        own.Status.ShouldBe(HttpStatusCode.OK);
        host.Target.Requests.ShouldHaveSingleItem().Headers["Mcp-Session-Id"].ShouldBe("upstream-session");
        foreign.Status.ShouldBe(HttpStatusCode.NotFound);
        foreign.Reason.ShouldBe("unknown_session");
        forged.Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Once_it_is_known_that_a_target_has_sessions_a_request_without_one_is_refused()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        host.Target.Override = AnswerInSession;
        var session = await StartAsync(client, host.Token());
        host.Target.ClearRequests();

        var missing = await SendAsync(client, host.Token(), session: null);
        using var get = LegacyRequests.Send(HttpMethod.Get, Path, host.Token(), session: null);
        var missingStream = await client.ReadAsync(get);
        var again = await StartAsync(client, host.Token());
        using var modern = Outbound.Modern.Call(Path, "echo", "{}", host.Token());
        var withoutSessions = await client.ReadAsync(modern);

        missing.Status.ShouldBe(HttpStatusCode.BadRequest);
        missing.Reason.ShouldBe("missing_session");
        missing.Json.GetProperty("id").GetInt32().ShouldBe(7);
        missingStream.Status.ShouldBe(HttpStatusCode.BadRequest);
        again.ShouldNotBe(session);
        withoutSessions.Status.ShouldBe(HttpStatusCode.OK);
        host.Target.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_session_ends_when_its_time_is_over_however_often_it_was_used()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await GatewayHost.StartAsync(
            time: time,
            settings: ("Gateway:Mcp:SessionLifetime", "00:15:00")
        );
        using var client = await host.CreateReadyClientAsync();
        host.Target.Override = AnswerInSession;
        var session = await StartAsync(client, host.Token());

        time.Advance(TimeSpan.FromMinutes(14));
        var used = await SendAsync(client, host.Token(), session);
        time.Advance(TimeSpan.FromMinutes(1));
        var late = await SendAsync(client, host.Token(), session);

        used.Status.ShouldBe(HttpStatusCode.OK);
        // The target repeats its id in each answer; that is no new session.
        used.Headers.GetValues("Mcp-Session-Id").ShouldHaveSingleItem().ShouldBe(session);
        late.Status.ShouldBe(HttpStatusCode.NotFound);
        late.Reason.ShouldBe("unknown_session");
    }

    [Fact]
    public async Task A_session_works_on_every_replica_and_its_end_reaches_the_target()
    {
        await using var first = await GatewayHost.StartAsync(settings: ("Gateway:Vault:DataPath", _folder));
        await using var second = await GatewayHost.StartAsync(
            settings:
            [
                ("Gateway:Vault:DataPath", _folder),
                ("Gateway:Inbound:Issuers:0:DiscoveryUrl", first.Issuer.DiscoveryUrl),
                ("Gateway:Targets:weather:Url", first.Target.Url),
            ]
        );
        using var client = await first.CreateReadyClientAsync();
        using var other = await second.CreateReadyClientAsync();
        first.Target.Override = AnswerInSession;
        var session = await StartAsync(client, first.Token());
        first.Target.ClearRequests();

        var elsewhere = await SendAsync(other, first.Token(), session);
        using var delete = LegacyRequests.Send(HttpMethod.Delete, Path, first.Token(), session);
        var ended = await other.ReadAsync(delete);

        elsewhere.Status.ShouldBe(HttpStatusCode.OK);
        ended.Status.ShouldBe(HttpStatusCode.NoContent);
        first.Target.Requests.Count.ShouldBe(2);
        first.Target.Requests[1].Method.ShouldBe("DELETE");
        first.Target.Requests[1].Headers["Mcp-Session-Id"].ShouldBe("upstream-session");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<bool> AnswerInSession(HttpContext context, TestKit.RecordedRequest request)
    {
        if (request.Method == "DELETE")
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return true;
        }

        context.Response.Headers["Mcp-Session-Id"] = "upstream-session";
        await context.AnswerAsync(request.Answer());
        return true;
    }

    private static async Task<string> StartAsync(HttpClient client, string token)
    {
        using var request = McpRequests.Post(Path, LegacyRequests.Initialize, token);
        var answer = await client.ReadAsync(request);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return answer.Headers.GetValues("Mcp-Session-Id").Single();
    }

    private static async Task<McpAnswer> SendAsync(HttpClient client, string token, string? session)
    {
        using var request = LegacyRequests.Post(Path, McpRequests.ListTools, token, session);
        return await client.ReadAsync(request);
    }
}
