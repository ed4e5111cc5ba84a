using AspireGateway.TestClient.Tests.Fakes;

namespace AspireGateway.TestClient.Tests.Flow;

/// <summary>Answers to the authorization request that must not lead to a token request, and their honest twins.</summary>
public sealed class AuthorizationAnswerTests
{
    [Fact]
    public async Task Another_state_is_refused_and_the_code_is_not_used()
    {
        await using var server = await FakeServer.StartAsync(new() { State = "somebody-elses" });

        var run = await TestRun.OfAsync(["tools", server.Mcp.AbsoluteUri, .. TestRun.AsAlice]);

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("another 'state'");
        server.To("/as/token").ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_issuer_is_refused_and_the_code_is_not_used()
    {
        await using var server = await FakeServer.StartAsync(new() { Issuer = "http://127.0.0.1:1/as" });

        var run = await TestRun.OfAsync(["tools", server.Mcp.AbsoluteUri, .. TestRun.AsAlice]);

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("another issuer than the one that was asked");
        server.To("/as/token").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_missing_issuer_is_refused_where_the_server_promises_it()
    {
        await using var server = await FakeServer.StartAsync(new() { Issuer = "" });

        var run = await TestRun.OfAsync(["tools", server.Mcp.AbsoluteUri, .. TestRun.AsAlice]);

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("does not say which issuer sent it");
        server.To("/as/token").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_missing_issuer_is_accepted_where_the_server_does_not_promise_it()
    {
        await using var server = await FakeServer.StartAsync(new() { Issuer = "", PromisesIssuer = false });

        var run = await TestRun.OfAsync(["tools", server.Mcp.AbsoluteUri, .. TestRun.AsAlice]);

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldContain("code and state received");
    }
}
