using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.IntegrationTests.Canaries;
using AspireGateway.Gateway.IntegrationTests.Systems;
using AspireGateway.TestKit;

namespace AspireGateway.Gateway.IntegrationTests;

/// <summary>No secret is found where it does not belong, after both flows, a refresh, a disconnection, and what goes wrong.</summary>
public sealed class SystemCanaryTests : IAsyncDisposable
{
    private readonly CanarySystem _system = new();
    private readonly CollectingHandler _agent;
    private readonly CollectingHandler _person;
    private readonly HttpClient _http;
    private readonly Browser _browser;

    public SystemCanaryTests()
    {
        _agent = new CollectingHandler(_system.Secrets, "agent");
        _person = new CollectingHandler(_system.Secrets, "person");
        _http = new HttpClient(_agent);
        _browser = new Browser(_person);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _browser.Dispose();
        await _system.DisposeAsync();
    }

    [Fact]
    public async Task Secrets_of_both_flows_are_found_nowhere_that_they_do_not_belong()
    {
        await _system.StartAsync(Stop);
        var token = await SignInAsync();
        var session = await InitializeAsync(token);
        await ConsentAsync(token, session);
        await RefreshAsync(token, session);
        await DisconnectAsync(token);
        await GoWrongAsync();

        // Answers first: what belongs to a page or a client only (its own cookies and states) is not looked for there.
        var answers = _agent
            .Answers.Concat(_person.Answers)
            .Where(answer => answer.Url.StartsWith(Gateway, StringComparison.Ordinal));
        var hidden = answers.SelectMany(answer =>
            _system.Secrets.Find(answer.Url, Encoding.UTF8.GetBytes(answer.Body))
        );
        hidden.ShouldNotContain(static found =>
            found.StartsWith("third party", StringComparison.Ordinal)
            || found.Contains("secret")
            || found.Contains("password")
            || found.Contains(".key")
            || found.Contains(".pem")
        );

        var places = await _system.StopAndReadAsync(Stop);

        ShouldHaveCollected();
        ShouldHaveRead(places);
        places.SelectMany(place => _system.Secrets.Find(place.Key, place.Value)).ShouldBeEmpty();
        ShouldFindWhatIsPlanted(places);
    }

    private string Gateway => _system.Mcp.GetLeftPart(UriPartial.Authority);

    // Flow A, and a refresh by the agent itself.
    private async Task<string> SignInAsync()
    {
        (await PostAsync("Initialize", token: null)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
        using var client = await OAuthClient.DiscoverAsync(_system.Issuer, Stop);
        var request = client.Authorize("openid offline_access mcp:tools", _system.Mcp.OriginalString);
        var answer = await _browser.SignInAsync(
            request.Url,
            client.RedirectUri,
            "alice",
            _system.Password,
            cancellationToken: Stop
        );
        var first = await client.ExchangeAsync(answer.Code!, request.Verifier, _system.Mcp.OriginalString, Stop);
        var tokens = await client.RefreshAsync(
            first.RefreshToken!,
            _system.Mcp.OriginalString,
            cancellationToken: Stop
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
        var error = Message(await asked.Content.ReadAsStringAsync(Stop)).GetProperty("error");
        var link = error.GetProperty("data").GetProperty("elicitations")[0].GetProperty("url").GetString()!;
        _system.Secrets.Add("agent's consent handle", link.Split('/')[^1]);
        var page = await _browser.ConsentAsync(new Uri(link), "alice", "alice.p", _system.Password, Stop);
        page.Text.ShouldContain("is connected");
        using var added = await CallAsync("notes___add_note", NoteArguments, token, session);
        (await added.Content.ReadAsStringAsync(Stop)).ShouldNotContain("\"error\"");
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
            Stop
        );
    }

    private async Task DisconnectAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri(_system.Mcp, "/connections/notes"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _http.SendAsync(request, Stop);
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
            Stop
        );
        using var handle = await _http.GetAsync(new Uri(_system.Mcp, $"/connect/{Uri.EscapeDataString(chosen)}"), Stop);
        using var callback = await _http.GetAsync(
            new Uri(
                _system.Mcp,
                $"/connect/callback/notes?code={Uri.EscapeDataString(chosen)}&state={Uri.EscapeDataString(chosen)}"
            ),
            Stop
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
        using var refused = await _http.SendAsync(post, Stop);
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

    private void ShouldHaveCollected()
    {
        var names = _system.Secrets.Names;
        foreach (
            var name in new[]
            {
                "agent's access token",
                "agent's refresh token",
                "agent's code",
                "agent's verifier",
                "agent's session id",
                "agent's consent handle",
                "person's cookie",
                "person's state",
                "person's code",
                "person's password",
                "third party's code",
                "third party's code_verifier",
                "third party's access_token",
                "third party's refresh_token",
                "third party's token",
                "gateway's credentials at the third party",
                "gateway's client secret",
                "vault.key",
                "anchors.pem",
            }
        )
        {
            names.ShouldContain(one => one.StartsWith(name, StringComparison.Ordinal), name);
        }
    }

    // A place that is empty proves nothing.
    private static void ShouldHaveRead(IReadOnlyDictionary<string, byte[]> places)
    {
        Has("log of gateway", "Gateway");
        Has("log of corp", "http");
        Has("telemetry /v1/traces", "consent.callback");
        Has("telemetry /v1/metrics", "aspire_gateway.calls");
        Has("telemetry /v1/logs", "Refused with");
        Has("gateway/vault.db", "SQLite format 3");
        Has("gateway/audit/", "\"name\":\"add_note\"");
        Has("gateway/audit-anchors/", "\"signature\"");
        Has("dashboard /traces/", "vault.refresh");
        Has("dashboard /logs", "Refused with");

        void Has(string place, string text) =>
            places
                .Any(one =>
                    one.Key.StartsWith(place, StringComparison.Ordinal)
                    && Encoding.UTF8.GetString(one.Value).Contains(text, StringComparison.Ordinal)
                )
                .ShouldBeTrue($"'{text}' in {place}");
    }

    private static void ShouldFindWhatIsPlanted(IReadOnlyDictionary<string, byte[]> places)
    {
        const string planted = "Planted+Value/with=all & 0f6d2b";
        var search = new SecretSearch();
        search.Add("planted", planted);
        foreach (var (place, bytes) in places)
        {
            search.Find(place, bytes).ShouldBeEmpty();
            foreach (var (form, value) in SecretSearch.Forms(planted))
            {
                search
                    .Find(place, [.. bytes.Take(bytes.Length / 2), .. value, .. bytes.Skip(bytes.Length / 2)])
                    .ShouldNotBeEmpty($"{form} in {place}");
            }
        }

        for (var before = 0; before < 3; before++)
        {
            var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('x', before) + planted + "tail"));
            search.Find("base64", Encoding.UTF8.GetBytes(encoded)).ShouldNotBeEmpty($"behind {before} other bytes");
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

        return await _http.SendAsync(request, Stop);
    }

    private static JsonElement Message(string body)
    {
        var data = body.Split('\n').LastOrDefault(static line => line.StartsWith("data:", StringComparison.Ordinal));
        return JsonElement.Parse(data is null ? body : data["data:".Length..]);
    }
}
