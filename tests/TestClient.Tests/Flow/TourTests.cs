using AspireGateway.TestClient.Output;
using AspireGateway.TestClient.Tests.Fakes;
using AspireGateway.TestClient.Tour;

namespace AspireGateway.TestClient.Tests.Flow;

/// <summary>The command <c>tour</c>. That every feature is found where it is, the tests of the whole system show.</summary>
public sealed class TourTests
{
    [Fact]
    public async Task A_server_that_is_not_made_for_the_tour_is_told_apart_from_one_that_fails()
    {
        await using var server = await FakeServer.StartAsync();

        var run = await TestRun.OfAsync(["tour", server.Mcp.AbsoluteUri, .. TestRun.AsAlice]);

        run.ExitCode.ShouldBe(1, run.Everything);
        run.Output.ShouldContain("✘1  not connected: The server does not list test_simple_text.");
        run.Output.ShouldContain("visits failed.");
    }

    [Fact]
    public async Task Whoever_signed_in_once_tours_every_route_with_that_token()
    {
        await using var server = await FakeServer.StartAsync();

        await TestRun.OfAsync(["tour", server.Mcp.AbsoluteUri, "--target", "other", .. TestRun.AsAlice]);

        server.To("/as/authorize").Count.ShouldBe(1);
        server.To("/mcp/other").ShouldNotBeEmpty();
        server
            .To("/mcp/other")
            .ShouldAllBe(static request => request.Authorization!.StartsWith("Bearer access-token-"));
    }

    [Fact]
    public void The_table_has_a_mark_for_each_visit_and_the_reasons_once()
    {
        using var output = new StringWriter();
        var terminal = new Terminal(output, new TerminalStyle(Ansi: false, TableWidth: 120), new Secrets());

        TourTable.Print(
            terminal,
            [
                new("ping", "/mcp", "2025-11-25", null),
                new("ping", "/mcp", "2026-07-28", null) { Exists = false },
                new("roots", "/mcp", "2025-11-25", "no answer"),
                new("roots", "/mcp", "2026-07-28", "no answer"),
            ]
        );

        var lines = output.ToString().Split('\n', StringSplitOptions.TrimEntries);
        lines.ShouldContain("/mcp");
        Words(lines.Single(static line => line.StartsWith("| Feature", StringComparison.Ordinal)))
            .ShouldBe(["Feature", "2025-11-25", "2026-07-28"]);
        Words(lines.Single(static line => line.StartsWith("| ping", StringComparison.Ordinal)))
            .ShouldBe(["ping", "✔", "–"]);
        Words(lines.Single(static line => line.StartsWith("| roots", StringComparison.Ordinal)))
            .ShouldBe(["roots", "✘1", "✘1"]);
        lines.Count(static line => line.Contains("no answer", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory]
    [InlineData("ping", "2025-11-25", true)]
    [InlineData("ping", "2026-07-28", false)]
    [InlineData("tool: header parameters", "2025-11-25", false)]
    [InlineData("tool: header parameters", "2026-07-28", true)]
    public void A_feature_is_visited_in_the_revisions_that_have_it(string feature, string revision, bool visited) =>
        Guide.Stops.Single(stop => stop.Feature == feature).IsIn(revision).ShouldBe(visited);

    [Fact]
    public void Features_have_names_of_their_own() => Guide.Stops.Select(static stop => stop.Feature).ShouldBeUnique();

    private static string[] Words(string line) =>
        line.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
