using System.Text.Json;
using AspireGateway.TestClient.Tests.Fakes;
using AspireGateway.TestKit;

namespace AspireGateway.TestClient.Tests.Flow;

/// <summary>Whatever goes wrong: exit code 1, one line that says what, one that says what to do.</summary>
public sealed class FailureTests
{
    [Fact]
    public async Task A_server_that_does_not_run_is_named_with_the_way_to_start_it()
    {
        using var nobody = new BoundSocket();

        var run = await TestRun.OfAsync(["tools", new Uri(nobody.Url, "/mcp").AbsoluteUri]);

        run.ExitCode.ShouldBe(1);
        run.Lines[^2].ShouldBe($"✘ {nobody.Url}mcp does not answer: nothing listens there.");
        run.Lines[^1].ShouldContain("dotnet run --project AppHost");
    }

    [Fact]
    public async Task An_address_without_MCP_is_told_so()
    {
        await using var server = await FakeServer.StartAsync();

        var run = await TestRun.OfAsync(["tools", new Uri(server.Url, "/nothing").AbsoluteUri]);

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("answers 404: there is no MCP endpoint.");
    }

    [Fact]
    public async Task A_registration_that_is_refused_is_told_with_the_other_ways_to_be_known()
    {
        await using var server = await FakeServer.StartAsync(new() { RefusesRegistration = true });

        var run = await TestRun.OfAsync(["tools", server.Mcp.AbsoluteUri, .. TestRun.AsAlice]);

        run.ExitCode.ShouldBe(1);
        run.Lines[^2]
            .ShouldBe("✘ The authorization server did not register this client: invalid_redirect_uri not here");
        run.Lines[^1].ShouldContain("--client-id-document");
    }

    [Fact]
    public async Task A_code_that_brings_no_token_is_told_with_the_servers_reason()
    {
        await using var server = await FakeServer.StartAsync(new() { RefusesCodes = true });

        var run = await TestRun.OfAsync(["tools", server.Mcp.AbsoluteUri, .. TestRun.AsAlice]);

        run.ExitCode.ShouldBe(1);
        run.Lines[^2].ShouldBe("✘ The authorization server gave no token: invalid_grant");
    }

    [Fact]
    public async Task A_token_that_the_server_does_not_accept_is_told_with_its_challenge()
    {
        await using var server = await FakeServer.StartAsync(new() { RejectsTokens = true });

        var run = await TestRun.OfAsync(["tools", server.Mcp.AbsoluteUri, .. TestRun.AsAlice]);

        run.ExitCode.ShouldBe(1);
        run.Lines[^2].ShouldStartWith($"✘ {server.Mcp} does not accept the access token: scope mcp:tools");
    }

    [Theory]
    [InlineData("ad", "Did you mean add?")]
    [InlineData("cuont", "Did you mean count?")]
    [InlineData("unheard_of", "The server has: ")]
    public async Task An_unknown_tool_is_answered_with_those_that_are_near(string tool, string hint)
    {
        await using var server = await FakeServer.StartAsync(new() { Protected = false });

        var run = await TestRun.OfAsync(["call", server.Mcp.AbsoluteUri, tool]);

        run.ExitCode.ShouldBe(1);
        run.Lines[^2].ShouldBe($"✘ There is no tool '{tool}'.");
        run.Lines[^1].ShouldContain(hint);
        run.Output.ShouldContain("Adds two numbers.", customMessage: "the table of tools helps");
    }

    [Fact]
    public async Task A_missing_argument_is_named_and_the_tool_is_not_called()
    {
        await using var server = await FakeServer.StartAsync(new() { Protected = false });

        var run = await TestRun.OfAsync(["call", server.Mcp.AbsoluteUri, "add"]);

        run.ExitCode.ShouldBe(1);
        run.Lines[^2].ShouldBe("✘ The argument 'left' is missing.");
        run.Lines[^1].ShouldContain("--arg left=…");
        server.Requests.ShouldNotContain(static request => request.Body.Contains("tools/call"));
    }

    [Fact]
    public async Task A_mistake_in_a_later_call_is_told_before_the_first_call()
    {
        await using var server = await FakeServer.StartAsync(new() { Protected = false });
        string[] words = ["call", server.Mcp.AbsoluteUri, "add", "--arg", "left=1", "--then", "add", "-a", "rihgt=1"];

        var run = await TestRun.OfAsync(words);

        run.ExitCode.ShouldBe(1);
        run.Lines[^2].ShouldContain("There is no argument 'rihgt'. Did you mean right?");
        server.Requests.ShouldNotContain(static request => request.Body.Contains("tools/call"));
    }

    [Fact]
    public async Task Several_calls_each_have_their_own_arguments()
    {
        await using var server = await FakeServer.StartAsync(new() { Protected = false });
        string[] words = ["call", server.Mcp.AbsoluteUri, "add", "--arg=left=1", "--then", "add", "-a", "left=40"];

        var run = await TestRun.OfAsync(words);

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldContain("\"value\": 2");
        run.Output.ShouldContain("\"value\": 41");
        run.Lines[^1].ShouldContain("add and add called");
    }

    [Fact]
    public async Task A_tool_that_fails_is_a_failed_run_with_its_own_words()
    {
        await using var server = await FakeServer.StartAsync(new() { Protected = false });

        var run = await TestRun.OfAsync(["call", server.Mcp.AbsoluteUri, "fail"]);

        run.ExitCode.ShouldBe(1);
        run.Lines[^2].ShouldContain("The tool fail answered with an error");
        run.Output.ShouldContain("It is Monday.");
    }

    [Fact]
    public async Task A_call_shows_its_progress_and_can_be_stopped()
    {
        await using var server = await FakeServer.StartAsync(new() { Protected = false });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var output = new WatchedWriter(static line => line.Contains("half way", StringComparison.Ordinal));

        var run = TestRun.StoppableAsync(["call", server.Mcp.AbsoluteUri, "count"], stop.Token, output: output);
        await output.LineAsync(TestContext.Current.CancellationToken);
        await stop.CancelAsync();

        (await run).ExitCode.ShouldBe(1);
        output.ToString().ShouldContain("1 of 2: half way");
        output.ToString().ShouldContain("✘ Stopped before it was done.");
    }

    [Fact]
    public async Task A_user_without_a_password_is_told_before_anything_is_sent()
    {
        await using var server = await FakeServer.StartAsync();

        var run = await TestRun.OfAsync(
            ["tools", server.Mcp.AbsoluteUri, "--user", "alice"],
            new Dictionary<string, string>(StringComparer.Ordinal)
        );

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("TESTCLIENT_PASSWORD");
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Programs_get_one_JSON_document_for_success_and_for_failure()
    {
        await using var server = await FakeServer.StartAsync();
        string[] call = ["call", server.Mcp.AbsoluteUri, "add", "--json", .. TestRun.AsAlice];

        var good = JsonDocument.Parse((await TestRun.OfAsync([.. call, "--arg", "left=2"])).Output).RootElement;
        var bad = JsonDocument.Parse((await TestRun.OfAsync(call)).Output).RootElement;

        good.GetProperty("success").GetBoolean().ShouldBeTrue();
        good.GetProperty("user").GetString().ShouldBe("alice");
        good.GetProperty("steps")[0].GetProperty("step").GetString().ShouldBe("A1");
        good.GetProperty("tools").GetArrayLength().ShouldBe(5);
        good.GetProperty("calls")[0].GetProperty("structuredContent").GetProperty("value").GetInt32().ShouldBe(3);
        bad.GetProperty("success").GetBoolean().ShouldBeFalse();
        bad.GetProperty("error").GetString().ShouldBe("The argument 'left' is missing.");
        bad.GetProperty("trace").GetString().ShouldNotBeNull().Length.ShouldBe(32);
    }
}
