using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AspireGateway.SampleMcpServer.Tests.Everything;

/// <summary>The server as <c>everything</c>.</summary>
public sealed class EverythingFixture() : SampleServerFixture("everything")
{
    /// <summary>Waits until the server says this of a call of <c>count_slowly</c>.</summary>
    public static async Task UntilAsync(
        McpClient client,
        string label,
        string state,
        CancellationToken cancellationToken
    )
    {
        string? seen;
        do
        {
            var answer = await client.CallToolAsync(
                "how_did_it_end",
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["label"] = label },
                cancellationToken: cancellationToken
            );
            seen = answer.Content.OfType<TextContentBlock>().Single().Text;
        } while (seen != state);
    }
}
