using System.Web;
using AspireGateway.Gateway.IntegrationTests.Systems;

namespace AspireGateway.Gateway.IntegrationTests.NpmClients;

/// <summary>
/// Clients that share no code with the gateway: each signs in, lists, calls, answers a question, hears progress and cancels, on both endpoints.
/// </summary>
public abstract class NpmClientTests : SystemTests
{
    private const string Current = "@modelcontextprotocol/client 2.4";
    private const string WithSessions = "@modelcontextprotocol/sdk 1.32";
    private const string Older = "@modelcontextprotocol/sdk 1.17";

    protected NpmClientTests(ComposedSystem system)
        : base(system) => Assert.SkipWhen(NpmClient.Missing is not null, NpmClient.Missing ?? "");

    [Theory]
    [InlineData(Current, "2026-07-28", "/mcp")]
    [InlineData(Current, "2026-07-28", "/mcp/everything")]
    [InlineData(WithSessions, "2025-11-25", "/mcp")]
    [InlineData(WithSessions, "2025-11-25", "/mcp/everything")]
    [InlineData(Older, "2025-06-18", "/mcp")]
    [InlineData(Older, "2025-06-18", "/mcp/everything")]
    public async Task A_client_of_another_make_finds_all_it_needs(string name, string revision, string path)
    {
        var endpoint = new Uri(Running.GatewayUrl, path);
        using var client = new NpmClient(name);

        var seen = await client.WalkAsync(endpoint, Stop);

        // It signed in once, for this endpoint.
        var request = HttpUtility.ParseQueryString(client.Requests.ShouldHaveSingleItem().Query);
        request["resource"].ShouldBe(endpoint.AbsoluteUri);
        request["code_challenge_method"].ShouldBe("S256");
        seen.Revision.ShouldBe(revision);
        // All pages of the list, and results of calls.
        seen.Tools.ShouldBeGreaterThan(20);
        seen.Tool.ShouldBe(path is "/mcp" ? "everything___test_simple_text" : "test_simple_text");
        seen.Text.ShouldContain("simple text");
        seen.Answered.ShouldContain("npm@example.com");
        // Progress came while the call was running; cancelled by the client, it ended at the server.
        seen.Progress.Take(3).ShouldBe([1, 2, 3]);
        seen.Meanwhile.ShouldBe("running");
        seen.Left.ShouldBeTrue();
        seen.End.ShouldBe("cancelled");
    }
}

/// <summary>They sign in at the embedded identity provider.</summary>
[Collection(WithEmbedded.Name)]
public sealed class EmbeddedNpmClientTests(EmbeddedSystem system) : NpmClientTests(system);

/// <summary>They sign in at a Keycloak of this machine.</summary>
[Collection(WithKeycloak.Name)]
public sealed class KeycloakNpmClientTests(KeycloakSystem system) : NpmClientTests(system);
