using System.Net;
using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>A <c>requestState</c> is good for the request that it was given for, once.</summary>
public sealed class RequestStateTests
{
    public static TheoryData<string, Action<JsonObject>> Changes =>
        new()
        {
            { "other arguments", static p => p["arguments"] = new JsonObject { ["text"] = "something else" } },
            { "no arguments", static p => p.Remove("arguments") },
            { "a changed character", static p => p["requestState"] = Tamper(p["requestState"]!.GetValue<string>()) },
            { "nothing behind the prefix", static p => p["requestState"] = "agw1." },
            { "half of it", static p => p["requestState"] = p["requestState"]!.GetValue<string>()[..40] },
        };

    [Theory]
    [MemberData(nameof(Changes), DisableDiscoveryEnumeration = true)]
    public async Task A_state_that_was_changed_or_moved_is_refused_and_nothing_is_called(
        string what,
        Action<JsonObject> change
    )
    {
        what.ShouldNotBeEmpty();
        await using var host = await ConsentHost.StartAsync();
        var (link, state) = await host.AskAsync();
        await ConsentHost.ConsentAsync(host.Browser(), link);
        host.Notes.ClearRequests();

        var refused = await host.CallAsync(change: Modern.Answering(state) + change);
        refused.Reason.ShouldBe("invalid_request_state");
        host.Notes.Calls().ShouldBeEmpty();

        (await host.CallAsync(change: Modern.Answering(state))).Text.ShouldContain("\"complete\"");
    }

    [Theory]
    [InlineData("user-2", "test-client")]
    [InlineData("user-1", "other-client")]
    public async Task A_state_of_another_person_or_agent_is_refused(string subject, string client)
    {
        await using var host = await ConsentHost.StartAsync();
        var (link, state) = await host.AskAsync();
        await ConsentHost.ConsentAsync(host.Browser(), link);

        var answer = await host.CallAsync(token: host.Token(subject, client), change: Modern.Answering(state));

        answer.Reason.ShouldBe("invalid_request_state");
    }

    [Fact]
    public async Task A_state_works_once()
    {
        await using var host = await ConsentHost.StartAsync();
        var (link, state) = await host.AskAsync();
        await ConsentHost.ConsentAsync(host.Browser(), link);

        (await host.CallAsync(change: Modern.Answering(state))).Text.ShouldContain("\"complete\"");
        host.Notes.ClearRequests();
        (await host.CallAsync(change: Modern.Answering(state))).Reason.ShouldBe("invalid_request_state");
        host.Notes.Calls().ShouldBeEmpty();
    }

    [Fact]
    public async Task On_the_route_of_one_target_the_refusal_is_an_http_status_too()
    {
        await using var host = await ConsentHost.StartAsync();

        var answer = await host.CallAsync("echo", path: "/mcp/notes", change: Modern.Answering("agw1.AAAA"));

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_person_who_says_no_is_not_asked_in_the_same_breath()
    {
        await using var host = await ConsentHost.StartAsync();
        var (_, state) = await host.AskAsync();

        var answer = await host.CallAsync(change: Modern.Answering(state, "decline"));

        answer.Result.GetProperty("isError").GetBoolean().ShouldBeTrue();
        answer.Text.ShouldContain("did not allow");
    }

    private static string Tamper(string state) => state[..^5] + (state[^5] == 'A' ? 'B' : 'A') + state[^4..];
}
