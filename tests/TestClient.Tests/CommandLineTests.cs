namespace AspireGateway.TestClient.Tests;

/// <summary>What the command line accepts and what its help says.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("call", "--help")]
    [InlineData("tools", "-h")]
    public async Task The_help_teaches_with_examples_that_can_be_typed(params string[] args)
    {
        var run = await TestRun.OfAsync(args);

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldContain(
            "TESTCLIENT_PASSWORD=demo testclient call http://localhost:5180/mcp weather___get_forecast"
        );
        run.Output.ShouldContain("Exit code: 0");
    }

    [Theory]
    [InlineData("localhost:5180/mcp is no", "tools", "localhost:5180/mcp")]
    [InlineData("'file:///etc/passwd' is no http or https address", "tools", "file:///etc/passwd")]
    [InlineData("not both", "tools", "http://localhost/mcp", "--client-id", "a", "--client-id-document")]
    [InlineData("--password needs --user", "tools", "http://localhost/mcp", "--password", "x")]
    [InlineData("--third-party-user needs --user", "call", "http://localhost/mcp", "t", "--third-party-user", "x")]
    public async Task A_line_that_makes_no_sense_is_refused_with_the_reason(string reason, params string[] args)
    {
        var run = await TestRun.OfAsync(args);

        run.ExitCode.ShouldBe(1);
        run.Everything.ShouldContain(
            reason.Replace("localhost:5180/mcp is", "'localhost:5180/mcp' is", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Nothing_at_all_shows_what_there_is()
    {
        var run = await TestRun.OfAsync([]);

        run.ExitCode.ShouldBe(1);
        run.Everything.ShouldContain("tools");
        run.Everything.ShouldContain("call");
    }
}
