using AspireGateway.TestClient.Tests.Fakes;

namespace AspireGateway.TestClient.Tests.Flow;

/// <summary>The command <c>token</c>, whose output is for scripts.</summary>
public sealed class TokenTests
{
    [Fact]
    public async Task Only_the_token_is_written_to_the_output()
    {
        await using var server = await FakeServer.StartAsync();

        var run = await TestRun.OfAsync([
            "token",
            server.Mcp.AbsoluteUri,
            "--scope",
            "mcp:tools mcp:admin",
            .. TestRun.AsAlice,
        ]);

        run.ExitCode.ShouldBe(0, run.Everything);
        var token = run.Lines.ShouldHaveSingleItem();
        server.To("/mcp")[^1].Authorization.ShouldBe($"Bearer {token}");
        run.Error.ShouldContain("✔ signed in as alice, token for scope mcp:tools mcp:admin");
        run.Error.ShouldNotContain(token);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Scopes_that_are_too_few_for_the_server_itself_are_no_failure(string revision)
    {
        await using var server = await FakeServer.StartAsync();

        var run = await TestRun.OfAsync([
            "token",
            server.Mcp.AbsoluteUri,
            "--scope",
            "mcp:admin",
            "--protocol-version",
            revision,
            .. TestRun.AsAlice,
        ]);

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Lines.ShouldHaveSingleItem().ShouldStartWith("access-token-");
        run.Error.ShouldContain("✔ signed in as alice, token for scope mcp:admin");
        server.To("/as/authorize").Single().Query["scope"].ToString().ShouldBe("mcp:admin");
    }

    [Fact]
    public async Task A_failure_leaves_the_output_empty()
    {
        await using var server = await FakeServer.StartAsync(new() { ConsentDenied = true });

        var run = await TestRun.OfAsync(["token", server.Mcp.AbsoluteUri, .. TestRun.AsAlice]);

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldContain("✘ The consent was refused.");
    }

    [Fact]
    public async Task A_server_that_wants_no_token_gives_none()
    {
        await using var server = await FakeServer.StartAsync(new() { Protected = false });

        var run = await TestRun.OfAsync(["token", server.Mcp.AbsoluteUri]);

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("asks for no token");
    }
}
