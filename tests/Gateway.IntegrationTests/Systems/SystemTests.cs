using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AspireGateway.TestKit;

namespace AspireGateway.Gateway.IntegrationTests.Systems;

/// <summary>Tests against a running system; skipped where it cannot run.</summary>
public abstract class SystemTests
{
    private const string Initialize = """
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},
        "clientInfo":{"name":"tests","version":"1"}}}
        """;

    /// <summary>Scopes of a client that does not need more.</summary>
    protected const string ToolScopes = "openid mcp:tools";

    protected SystemTests(ComposedSystem system)
    {
        Assert.SkipWhen(system.Missing is not null, system.Missing ?? "");
        Running = system;
    }

    /// <summary>The running system.</summary>
    protected ComposedSystem Running { get; }

    /// <summary>Cancelled when the test run is.</summary>
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>An access token of alice, as the pre-registered client gets it.</summary>
    internal static async Task<string> TokenAsync(Uri issuer, Uri resource, string scope = ToolScopes)
    {
        using var client = await OAuthClient.DiscoverAsync(issuer, Stop);
        using var browser = new Browser();
        var token = await client.GetTokenAsync(
            browser,
            "alice",
            ComposedSystem.Password,
            scope,
            resource.OriginalString,
            Stop
        );
        return token.AccessToken;
    }

    /// <summary>Sends one request of an MCP client.</summary>
    internal static async Task<(HttpStatusCode Status, string Challenge)> SendAsync(
        Uri mcp,
        string? token,
        string message = Initialize,
        string? traceparent = null
    )
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, mcp)
        {
            Content = new StringContent(message, Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (traceparent is not null)
        {
            request.Headers.Add("traceparent", traceparent);
        }

        using var response = await http.SendAsync(request, Stop);
        return (response.StatusCode, response.Headers.WwwAuthenticate.ToString());
    }
}
