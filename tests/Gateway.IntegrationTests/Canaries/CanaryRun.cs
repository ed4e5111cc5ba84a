using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.IntegrationTests.Systems;
using AspireGateway.TestKit;

namespace AspireGateway.Gateway.IntegrationTests.Canaries;

/// <summary>
/// Both flows, a refresh, a disconnection, and what goes wrong, in a system whose secrets are all known. Done once for all tests of a class.
/// </summary>
public abstract class CanaryRun : IAsyncLifetime
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly CanarySystem _system;
    private readonly CollectingHandler _agent;
    private readonly CollectingHandler _person;
    private readonly HttpClient _http;
    private readonly Browser _browser;
    private CancellationToken _stop;

    private protected CanaryRun(bool keycloak)
    {
        _system = new CanarySystem(keycloak);
        _agent = new CollectingHandler(_system.Secrets, "agent");
        _person = new CollectingHandler(_system.Secrets, "person");
        _http = new HttpClient(_agent);
        _browser = new Browser(_person);
    }

    /// <summary>Why it cannot run here; null where it can.</summary>
    public virtual string? Missing => null;

    /// <summary>Name of the resource that plays the realm of the people.</summary>
    internal string Provider => _system.Corp;

    /// <summary>Everything that must not be found.</summary>
    internal SecretSearch Secrets => _system.Secrets;

    /// <summary>Every span, as it was sent.</summary>
    internal IReadOnlyList<ReceivedSpan> Spans => _system.Spans;

    /// <summary>What processes wrote and sent, by place.</summary>
    internal IReadOnlyDictionary<string, byte[]> Places { get; private set; } = new Dictionary<string, byte[]>();

    /// <summary>What the gateway answered.</summary>
    internal IReadOnlyList<(string Url, string Text)> Answers { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        using var timeout = new CancellationTokenSource(Longest);
        _stop = timeout.Token;
        await _system.StartAsync(_stop);
        var token = await SignInAsync();
        var session = await InitializeAsync(token);
        await ConsentAsync(token, session);
        await RefreshAsync(token, session);
        await DisconnectAsync(token);
        await GoWrongAsync();
        Answers =
        [
            .. _agent
                .Answers.Concat(_person.Answers)
                .Where(answer => answer.Url.StartsWith(Gateway, StringComparison.Ordinal)),
        ];
        Places = await _system.StopAndReadAsync(_stop);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _http.Dispose();
        _browser.Dispose();
        await _system.DisposeAsync();
    }

    private string Gateway => _system.Mcp.GetLeftPart(UriPartial.Authority);

    // Flow A, and a refresh by the agent itself.
    private async Task<string> SignInAsync()
    {
        (await PostAsync("Initialize", token: null)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
        using var client = await OAuthClient.DiscoverAsync(_system.Issuer, _stop);
        var request = client.Authorize("openid offline_access mcp:tools", _system.Mcp.OriginalString);
        var answer = await _browser.SignInAsync(
            request.Url,
            client.RedirectUri,
            "alice",
            _system.Password,
            cancellationToken: _stop
        );
        var first = await client.ExchangeAsync(answer.Code!, request.Verifier, _system.Mcp.OriginalString, _stop);
        var tokens = await client.RefreshAsync(
            first.RefreshToken!,
            _system.Mcp.OriginalString,
            cancellationToken: _stop
        );
        _system.Secrets.Add("agent's verifier", request.Verifier);
        _system.Secrets.Add("agent's code", answer.Code);
        foreach (var result in new[] { first, tokens })
        {
            _system.Secrets.Add("agent's access token", result.AccessToken);
            _system.Secrets.Add("agent's refresh token", result.RefreshToken);
        }

        return tokens.AccessToken;
    }

    private async Task<string> InitializeAsync(string token)
    {
        using var answer = await PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"elicitation":{"url":{}}},"clientInfo":{"name":"canary","version":"1"}}}""",
            token
        );
        var session = answer.Headers.GetValues("Mcp-Session-Id").Single();
        _system.Secrets.Add("agent's session id", session);
        return session;
    }

    // Flow B.
    private async Task ConsentAsync(string token, string session)
    {
        using var asked = await CallAsync("notes___add_note", NoteArguments, token, session);
        var error = Message(await asked.Content.ReadAsStringAsync(_stop)).GetProperty("error");
        var link = error.GetProperty("data").GetProperty("elicitations")[0].GetProperty("url").GetString()!;
        _system.Secrets.Add("agent's consent handle", link.Split('/')[^1]);
        var page = await _browser.ConsentAsync(new Uri(link), "alice", "alice.p", _system.Password, _stop);
        page.Text.ShouldContain("is connected");
        using var added = await CallAsync("notes___add_note", NoteArguments, token, session);
        (await added.Content.ReadAsStringAsync(_stop)).ShouldNotContain("\"error\"");
    }

    private static string NoteArguments => """{"title":"canary","text":"CanaryArgument-5d1f8c7b2e"}""";

    private Task RefreshAsync(string token, string session)
    {
        _system.Secrets.Add("argument", "CanaryArgument-5d1f8c7b2e");
        return Patience.UntilAsync(
            async () =>
            {
                using var listed = await CallAsync("notes___list_notes", "{}", token, session);
                return _system.Relay.Refreshes > 0;
            },
            "the third party's token is refreshed",
            _stop
        );
    }

    private async Task DisconnectAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri(_system.Mcp, "/connections/notes"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _http.SendAsync(request, _stop);
        answer.IsSuccessStatusCode.ShouldBeTrue();
        _system.Relay.Revocations.ShouldBeGreaterThan(0);
    }

    // Whatever is refused is a secret, too: a token with a mistake is somebody's token.
    private async Task GoWrongAsync()
    {
        const string chosen = "Canary-Refused/+= &7c2f9a41";
        _system.Secrets.Add("refused value", chosen);
        _system.Secrets.Add("refused value in a query", Uri.EscapeDataString(chosen));
        using var query = await _http.GetAsync(
            new Uri(_system.Mcp, $"/mcp?access_token={Uri.EscapeDataString(chosen)}"),
            _stop
        );
        using var handle = await _http.GetAsync(
            new Uri(_system.Mcp, $"/connect/{Uri.EscapeDataString(chosen)}"),
            _stop
        );
        using var callback = await _http.GetAsync(
            new Uri(
                _system.Mcp,
                $"/connect/callback/notes?code={Uri.EscapeDataString(chosen)}&state={Uri.EscapeDataString(chosen)}"
            ),
            _stop
        );
        using var post = new HttpRequestMessage(HttpMethod.Post, _system.Mcp);
        post.Content = new StringContent(
            """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""",
            Encoding.UTF8,
            "application/json"
        );
        post.Headers.TryAddWithoutValidation("Authorization", "Bearer Canary-Bearer-91b6e0d3");
        post.Headers.TryAddWithoutValidation("Cookie", "session=Canary-Cookie-4e8d1c65");
        post.Headers.TryAddWithoutValidation("X-Api-Key", "Canary-ApiKey-a07f3b92");
        post.Headers.TryAddWithoutValidation("baggage", "canary=Canary-Baggage-6d52c8e1");
        using var refused = await _http.SendAsync(post, _stop);
        refused.StatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
        foreach (
            var value in new[]
            {
                "Canary-Bearer-91b6e0d3",
                "Canary-Cookie-4e8d1c65",
                "Canary-ApiKey-a07f3b92",
                "Canary-Baggage-6d52c8e1",
            }
        )
        {
            _system.Secrets.Add("refused value", value);
        }
    }

    private Task<HttpResponseMessage> CallAsync(string tool, string arguments, string token, string session) =>
        PostAsync(
            $$$"""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""",
            token,
            session
        );

    private async Task<HttpResponseMessage> PostAsync(string body, string? token, string? session = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _system.Mcp)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", session);
        }

        return await _http.SendAsync(request, _stop);
    }

    private static JsonElement Message(string body)
    {
        var data = body.Split('\n').LastOrDefault(static line => line.StartsWith("data:", StringComparison.Ordinal));
        return JsonElement.Parse(data is null ? body : data["data:".Length..]);
    }
}

/// <summary>With the embedded identity provider.</summary>
public sealed class EmbeddedCanaryRun() : CanaryRun(keycloak: false);

/// <summary>With a Keycloak of this machine.</summary>
public sealed class KeycloakCanaryRun() : CanaryRun(keycloak: true)
{
    /// <inheritdoc />
    public override string? Missing => KeycloakOfThisMachine.Missing;
}
