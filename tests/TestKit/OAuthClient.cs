using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace AspireGateway.TestKit;

/// <summary>
/// A client of one authorization server, as plain as its HTTP messages: every parameter can be wrong on purpose.
/// </summary>
public sealed class OAuthClient : IDisposable
{
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        }
    );

    private OAuthClient(JsonObject metadata) => Metadata = metadata;

    /// <summary>The discovery document.</summary>
    public JsonObject Metadata { get; }

    /// <summary>The issuer that it names.</summary>
    public string Issuer => Text("issuer");

    /// <summary>Where this client's codes go; no program listens there, the test's browser stops in front of it.</summary>
    public Uri RedirectUri { get; set; } = new("http://127.0.0.1:51789/callback");

    /// <summary>Id of the client.</summary>
    public string ClientId { get; set; } = "aspire-gateway-testclient";

    /// <summary>Secret of a confidential client, sent in the body.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>Reads the metadata of an issuer.</summary>
    public static async Task<OAuthClient> DiscoverAsync(Uri issuer, CancellationToken cancellationToken = default)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var url = issuer.AbsoluteUri.TrimEnd('/') + "/.well-known/openid-configuration";
        var metadata = await http.GetFromJsonAsync<JsonObject>(url, cancellationToken);
        return new OAuthClient(metadata!);
    }

    /// <summary>An endpoint of the metadata.</summary>
    public Uri Endpoint(string name) => new(Text(name));

    /// <summary>An authorization request with everything in order; parameters can be changed, and removed with null.</summary>
    public AuthorizationRequest Authorize(string scope, string? resource = null)
    {
        var verifier = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        return new AuthorizationRequest(Endpoint("authorization_endpoint"), verifier)
        {
            ["response_type"] = "code",
            ["client_id"] = ClientId,
            ["redirect_uri"] = RedirectUri.OriginalString,
            ["scope"] = scope,
            ["resource"] = resource,
            ["state"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            ["code_challenge"] = Challenge(verifier),
            ["code_challenge_method"] = "S256",
        };
    }

    /// <summary>The whole flow: sign in, agree, exchange the code.</summary>
    public async Task<TokenResult> GetTokenAsync(
        Browser browser,
        string username,
        string password,
        string scope,
        string? resource = null,
        CancellationToken cancellationToken = default
    )
    {
        var request = Authorize(scope, resource);
        var callback = await browser.SignInAsync(
            request.Url,
            RedirectUri,
            username,
            password,
            cancellationToken: cancellationToken
        );
        return callback.Code is { } code
            ? await ExchangeAsync(code, request.Verifier, resource, cancellationToken)
            : throw new InvalidOperationException($"No code, but the error {callback.Error}.");
    }

    /// <summary>Redeems a code.</summary>
    public Task<TokenResult> ExchangeAsync(
        string code,
        string? verifier,
        string? resource = null,
        CancellationToken cancellationToken = default
    ) =>
        TokenAsync(
            cancellationToken,
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", RedirectUri.OriginalString),
            ("code_verifier", verifier),
            ("resource", resource)
        );

    /// <summary>Redeems a refresh token.</summary>
    public Task<TokenResult> RefreshAsync(
        string refreshToken,
        string? resource = null,
        string? scope = null,
        CancellationToken cancellationToken = default
    ) =>
        TokenAsync(
            cancellationToken,
            ("grant_type", "refresh_token"),
            ("refresh_token", refreshToken),
            ("resource", resource),
            ("scope", scope)
        );

    /// <summary>Any token request; client id and secret are added.</summary>
    public async Task<TokenResult> TokenAsync(
        CancellationToken cancellationToken,
        params (string Name, string? Value)[] parameters
    )
    {
        using var response = await PostAsync(Endpoint("token_endpoint"), parameters, cancellationToken);
        var body = await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        return new TokenResult(response.StatusCode, body!);
    }

    /// <summary>Revokes a token (RFC 7009).</summary>
    public async Task<HttpStatusCode> RevokeAsync(string token, CancellationToken cancellationToken = default)
    {
        using var response = await PostAsync(Endpoint("revocation_endpoint"), [("token", token)], cancellationToken);
        return response.StatusCode;
    }

    /// <summary>Registers a client (RFC 7591).</summary>
    public async Task<(HttpStatusCode Status, JsonObject Body)> RegisterAsync(
        JsonObject metadata,
        CancellationToken cancellationToken = default
    )
    {
        using var response = await _http.PostAsJsonAsync(
            Endpoint("registration_endpoint"),
            metadata,
            cancellationToken
        );
        return (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!);
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private static string Challenge(string verifier) =>
        Convert
            .ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))
            .TrimEnd('=')
            .Replace('+', '-')
            .Replace('/', '_');

    private string Text(string member) =>
        (string?)Metadata[member] ?? throw new InvalidOperationException($"The metadata has no {member}.");

    private async Task<HttpResponseMessage> PostAsync(
        Uri endpoint,
        IEnumerable<(string Name, string? Value)> parameters,
        CancellationToken cancellationToken
    )
    {
        (string Name, string? Value)[] client = [("client_id", ClientId), ("client_secret", ClientSecret)];
        using var form = new FormUrlEncodedContent(
            parameters
                .Concat(client)
                .Where(static parameter => parameter.Value is not null)
                .Select(static parameter => KeyValuePair.Create(parameter.Name, parameter.Value!))
        );
        return await _http.PostAsync(endpoint, form, cancellationToken);
    }
}
