using AspireGateway.TestClient.Tests.Fakes;

namespace AspireGateway.TestClient.Tests.Flow;

/// <summary>What is asked for, and stepping up when it was too little.</summary>
public sealed class ScopeTests
{
    [Fact]
    public async Task The_challenge_names_the_scope_and_offline_access_is_not_added()
    {
        await using var server = await FakeServer.StartAsync();

        await TestRun.OfAsync(["tools", server.Mcp.AbsoluteUri, .. TestRun.AsAlice]);

        server.To("/as/authorize").Single().Query["scope"].ToString().ShouldBe("mcp:tools");
    }

    [Fact]
    public async Task Exactly_the_wanted_scopes_are_asked_for()
    {
        await using var server = await FakeServer.StartAsync();

        await TestRun.OfAsync([
            "tools",
            server.Mcp.AbsoluteUri,
            "--scope",
            "openid mcp:tools",
            "--scope",
            "offline_access",
            .. TestRun.AsAlice,
        ]);

        server.To("/as/authorize").Single().Query["scope"].ToString().ShouldBe("openid mcp:tools offline_access");
    }

    [Fact]
    public async Task A_tool_that_needs_more_makes_the_client_step_up_with_all_scopes_together()
    {
        await using var server = await FakeServer.StartAsync();

        var run = await TestRun.OfAsync([
            "call",
            server.Mcp.AbsoluteUri,
            FakeTools.Admin,
            "--scope",
            "openid mcp:tools",
            .. TestRun.AsAlice,
        ]);

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldContain("challenge: step up     insufficient_scope, scope mcp:tools mcp:admin");
        var asked = server.To("/as/authorize");
        asked.Count.ShouldBe(2);
        asked[1].Query["scope"].ToString().Split(' ').ShouldBe(["openid", "mcp:tools", "mcp:admin"], ignoreOrder: true);
        server.To("/as/register").Count.ShouldBe(1);
        run.Output.ShouldContain("nothing left");
    }
}
