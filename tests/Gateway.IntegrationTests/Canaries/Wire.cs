using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Web;
using AspireGateway.TestKit;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.IntegrationTests.Canaries;

/// <summary>
/// Stands between the gateway and the third party's token and revocation endpoints, and collects what passes. The first access token is
/// said to live for a moment only, so that it is refreshed.
/// </summary>
internal sealed class TokenRelay(SecretSearch secrets, Func<string, Uri> endpoint) : LoopbackServer
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private int _refreshes;

    /// <summary>Refreshes that succeeded.</summary>
    public int Refreshes => _refreshes;

    /// <summary>Tokens that were revoked.</summary>
    public int Revocations { get; private set; }

    protected override async Task AnswerAsync(HttpContext context, RecordedRequest request)
    {
        var form = HttpUtility.ParseQueryString(request.Text);
        foreach (var name in new[] { "code", "code_verifier", "refresh_token", "client_secret", "token" })
        {
            secrets.Add($"third party's {name}", form[name]);
        }

        if (request.Headers.TryGetValue("Authorization", out var basic))
        {
            secrets.Add("gateway's credentials at the third party", basic["Basic ".Length..]);
        }

        using var message = new HttpRequestMessage(HttpMethod.Post, endpoint(request.Path))
        {
            Content = new ByteArrayContent(request.Body),
        };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        message.Headers.TryAddWithoutValidation("Authorization", basic);
        using var answer = await _http.SendAsync(message, context.RequestAborted);
        var text = await answer.Content.ReadAsStringAsync(context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(Read(request.Path, form["grant_type"], text), context.RequestAborted);
    }

    private string Read(string path, string? grantType, string answer)
    {
        if (path == "/revoke")
        {
            Revocations++;
            return answer;
        }

        if (JsonNode.Parse(answer) is not JsonObject tokens || tokens["access_token"] is null)
        {
            return answer;
        }

        foreach (var name in new[] { "access_token", "refresh_token", "id_token" })
        {
            secrets.Add($"third party's {name}", tokens[name]?.ToString());
        }

        if (grantType == "refresh_token")
        {
            Interlocked.Increment(ref _refreshes);
            return answer;
        }

        tokens["expires_in"] = 2;
        return tokens.ToJsonString();
    }
}

/// <summary>Collects what a browser or a client sends and gets: codes, states, cookies, passwords, forms' proofs.</summary>
internal sealed class CollectingHandler(SecretSearch secrets, string who)
    : DelegatingHandler(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        }
    )
{
    private readonly ConcurrentQueue<(string Url, string Text)> _answers = new();

    /// <summary>Headers and bodies that came back, with the URL without its query.</summary>
    public IReadOnlyCollection<(string Url, string Text)> Answers => _answers;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        Collect(request.RequestUri!);
        if (request.Content?.Headers.ContentType?.MediaType is "application/x-www-form-urlencoded")
        {
            Collect(await request.Content.ReadAsStringAsync(cancellationToken));
        }

        var response = await base.SendAsync(request, cancellationToken);
        if (response.Headers.Location is { IsAbsoluteUri: true } location)
        {
            Collect(location);
        }

        if (response.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            foreach (var cookie in cookies)
            {
                secrets.Add($"{who}'s cookie", cookie.Split(';')[0].Split('=', 2)[1]);
            }
        }

        _answers.Enqueue(
            (
                request.RequestUri!.GetLeftPart(UriPartial.Path),
                $"{response.Headers}\n{await response.Content.ReadAsStringAsync(cancellationToken)}"
            )
        );
        return response;
    }

    private void Collect(Uri url) => Collect(url.Query);

    private void Collect(string pairs)
    {
        var values = HttpUtility.ParseQueryString(pairs);
        foreach (
            var name in new[] { "code", "state", "nonce", "code_verifier", "refresh_token", "session_code", "password" }
        )
        {
            secrets.Add($"{who}'s {name}", values[name]);
        }
    }
}
