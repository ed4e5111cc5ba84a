using AspireGateway.Gateway.IntegrationTests.Systems;
using AspireGateway.TestKit;

namespace AspireGateway.Gateway.IntegrationTests;

/// <summary>The test client's tour through the gateway: every feature, on both endpoints, with every revision.</summary>
[Collection(WithEmbedded.Name)]
public sealed class TourTests(EmbeddedSystem system) : SystemTests(system)
{
    private const string Document = "docs/mcp-features.md";

    [Fact]
    public async Task What_the_tour_finds_is_what_the_document_says()
    {
        var (output, _) = await TestClientProgram.RunAsync(
            Running.Telemetry,
            "tour",
            Running.Mcp.AbsoluteUri,
            "--target",
            "everything",
            "--user",
            "alice"
        );

        var document = await File.ReadAllTextAsync(Repository.File(Document), Stop);
        Rows(output)
            .SequenceEqual(Rows(document), StringComparer.Ordinal)
            .ShouldBeTrue($"{Document} shows other tables than the tour printed:\n{output}");
    }

    // The tours' tables are the only ones in the document.
    private static string[] Rows(string text) =>
        [.. text.Split('\n', StringSplitOptions.TrimEntries).Where(static line => line.StartsWith('|'))];
}
