using AspireGateway.TestClient.Tests.Fakes;

namespace AspireGateway.TestClient.Tests.Flow;

/// <summary>The whole flow, from the first request without a token to the result, signed in by the program itself.</summary>
public sealed class SignInTests
{
    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    [InlineData("2025-06-18")]
    public async Task Every_step_is_printed_in_its_order_and_the_last_line_is_the_success(string revision)
    {
        await using var server = await FakeServer.StartAsync();

        var run = await TestRun.OfAsync([
            "call",
            server.Mcp.AbsoluteUri,
            "add",
            "--arg",
            "left=2",
            "--arg",
            "right=3",
            "--protocol-version",
            revision,
            .. TestRun.AsAlice,
        ]);

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Steps.ShouldBe(["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "A10", "A11"]);
        run.Lines[0].ShouldMatch("^trace [0-9a-f]{32}$");
        run.Lines[^1].ShouldMatch(@"^✔ signed in as alice, 5 tools listed, add called \(\d+\.\d s\)$");
        run.Output.ShouldContain("\"value\": 5");
    }

    [Fact]
    public async Task Listing_tools_needs_no_call()
    {
        await using var server = await FakeServer.StartAsync();

        var run = await TestRun.OfAsync(["tools", server.Mcp.AbsoluteUri, .. TestRun.AsAlice]);

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Lines[^1].ShouldMatch(@"^✔ signed in as alice, 5 tools listed \(\d+\.\d s\)$");
        run.Output.ShouldContain("left: integer, right?: integer");
    }

    [Fact]
    public async Task Nothing_that_is_secret_is_printed_and_URLs_are_whole()
    {
        await using var server = await FakeServer.StartAsync();

        var text = await TestRun.OfAsync(["tools", server.Mcp.AbsoluteUri, .. TestRun.AsAlice]);
        var json = await TestRun.OfAsync(["tools", server.Mcp.AbsoluteUri, "--json", .. TestRun.AsAlice]);

        server.Authorization.Secrets.Count.ShouldBeGreaterThan(10);
        foreach (var secret in server.Authorization.Secrets.Append(FakeBehaviour.Password))
        {
            text.Everything.ShouldNotContain(secret);
            json.Everything.ShouldNotContain(secret);
        }

        text.Output.ShouldContain($"GET {new Uri(server.Url, "/.well-known/oauth-protected-resource/mcp")} → 200");
        text.Output.ShouldContain("code_challenge=…&code_challenge_method=S256&state=…");
    }

    [Fact]
    public async Task A_server_without_authentication_is_just_called()
    {
        await using var server = await FakeServer.StartAsync(new() { Protected = false });

        var run = await TestRun.OfAsync(["call", server.Mcp.AbsoluteUri, "add", "--arg", "left=2"]);

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Steps.ShouldBe(["A1", "A11"]);
        run.Lines[^1].ShouldStartWith("✔ connected without sign-in, 5 tools listed, add called");
    }

    [Fact]
    public async Task A_login_that_asks_for_the_user_name_first_is_understood()
    {
        await using var server = await FakeServer.StartAsync(new() { UserNameFirst = true });

        var run = await TestRun.OfAsync(["tools", server.Mcp.AbsoluteUri, .. TestRun.AsAlice]);

        run.ExitCode.ShouldBe(0, run.Everything);
        server.To("/as/login").Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_wrong_password_is_tried_once_and_the_last_lines_say_what_to_do()
    {
        await using var server = await FakeServer.StartAsync();

        var run = await TestRun.OfAsync(["tools", server.Mcp.AbsoluteUri, "--user", "alice", "--password", "guess"]);

        run.ExitCode.ShouldBe(1);
        run.Lines[^2]
            .ShouldBe(
                "✘ The identity provider did not accept the password of 'alice'. It says: Invalid username or password."
            );
        run.Lines[^1].ShouldContain("TESTCLIENT_PASSWORD");
        server.To("/as/login").Count.ShouldBe(1);
        server.To("/as/token").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refused_consent_is_told_and_no_token_is_asked_for()
    {
        await using var server = await FakeServer.StartAsync(new() { ConsentDenied = true });

        var run = await TestRun.OfAsync(["tools", server.Mcp.AbsoluteUri, .. TestRun.AsAlice]);

        run.ExitCode.ShouldBe(1);
        run.Lines[^2].ShouldBe("✘ The consent was refused.");
        server.To("/as/token").ShouldBeEmpty();
    }

    [Fact]
    public async Task The_password_is_not_sent_to_another_server_than_the_one_that_asked()
    {
        await using var other = await FakeServer.StartAsync();
        await using var server = await FakeServer.StartAsync(
            new() { LoginAction = new Uri(other.Url, "/as/login").AbsoluteUri }
        );

        var run = await TestRun.OfAsync(["tools", server.Mcp.AbsoluteUri, .. TestRun.AsAlice]);

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("to another server");
        other.Requests.ShouldBeEmpty();
    }
}
