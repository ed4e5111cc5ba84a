using System.Net.Http.Headers;
using System.Text;
using AspireGateway.Gateway.Outbound.Discovery;
using AspireGateway.Gateway.Outbound.Http;
using AspireGateway.Gateway.Outbound.Registration;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Credentials;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Vault;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Outbound.AuthorizationCode;

/// <summary>Token and revocation requests (RFC 6749 §4.1.3 and §6, RFC 7009), with the answers read strictly.</summary>
internal sealed class TokenEndpoint(
    JsonDocuments documents,
    ClientAssertions assertions,
    IOptions<OutboundOptions> options,
    TimeProvider time
)
{
    /// <summary>Exchanges a code.</summary>
    public Task<TokenResult> ExchangeAsync(
        TokenRequest request,
        string code,
        string verifier,
        string redirectUri,
        ScopeSet requested,
        CancellationToken cancel
    ) =>
        SendAsync(
            request,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["grant_type"] = "authorization_code",
                ["code"] = code,
                ["redirect_uri"] = redirectUri,
                ["code_verifier"] = verifier,
            },
            requested,
            cancel
        );

    /// <summary>Refreshes; a response without refresh token keeps the old one (RFC 6749 §6).</summary>
    public async Task<TokenResult> RefreshAsync(TokenRequest request, GrantTokens tokens, CancellationToken cancel)
    {
        var refreshToken = tokens.RefreshToken!;
        var result = await SendAsync(
            request,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["grant_type"] = "refresh_token",
                ["refresh_token"] = refreshToken.Reveal(),
            },
            tokens.Scopes,
            cancel
        );
        return result is TokenResult.Success { Tokens.RefreshToken: null } received
            ? received with
            {
                Tokens = received.Tokens with { RefreshToken = refreshToken },
            }
            : result;
    }

    /// <summary>Revokes a token; best effort, as the server may not offer it.</summary>
    /// <returns>Whether the server said that the token is dead.</returns>
    public async Task<bool> RevokeAsync(TokenRequest request, Secret token, string hint, CancellationToken cancel)
    {
        if (request.Server.RevocationEndpoint is not { } endpoint)
        {
            return false;
        }

        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["token"] = token.Reveal(),
            ["token_type_hint"] = hint,
        };
        try
        {
            var answer = await PostAsync(endpoint, request, form, cancel);
            return answer.Status == StatusCodes.Status200OK;
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return false;
        }
    }

    private async Task<TokenResult> SendAsync(
        TokenRequest request,
        Dictionary<string, string> form,
        ScopeSet requested,
        CancellationToken cancel
    )
    {
        using var span = GatewayTelemetry.Start(Spans.Token, System.Diagnostics.ActivityKind.Client);
        span?.SetTag(Tags.Target, request.Target.Name.Value).SetTag(Tags.GrantType, form["grant_type"]);
        if (request.Target.AuthorizationCode.SendResource)
        {
            form["resource"] = request.Server.Resource;
        }

        TokenResult result;
        try
        {
            var answer = await PostAsync(request.Server.TokenEndpoint, request, form, cancel);
            result = TokenResponse.Read(
                answer,
                request.Target.AuthorizationCode.TokenObject,
                requested,
                time.GetUtcNow()
            );
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            result = new TokenResult.Failure(ErrorCodes.TokenEndpointUnreachable, IsLasting: false, null);
        }

        if (result is TokenResult.Failure failure)
        {
            span?.Fail(failure.Reason);
        }

        return result;
    }

    private async Task<HttpAnswer> PostAsync(
        Uri endpoint,
        TokenRequest request,
        Dictionary<string, string> form,
        CancellationToken cancel
    )
    {
        using var timeout = new CancellationTokenSource(options.Value.TokenEndpointTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        using var message = new HttpRequestMessage(HttpMethod.Post, endpoint);
        Authenticate(message, request, form);
        message.Content = new FormUrlEncodedContent(form);
        message.Headers.Accept.ParseAdd("application/json");
        return await documents.SendAsync(message, both.Token);
    }

    private void Authenticate(HttpRequestMessage message, TokenRequest request, Dictionary<string, string> form)
    {
        var client = request.Client;
        switch (client.AuthMethod)
        {
            case ClientAuthMethod.ClientSecretBasic:
                // RFC 6749 §2.3.1: both halves are form-encoded first.
                var pair = $"{FormEncode(client.ClientId)}:{FormEncode(client.ClientSecret!.Reveal())}";
                message.Headers.Authorization = new AuthenticationHeaderValue(
                    "Basic",
                    Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))
                );
                break;
            case ClientAuthMethod.ClientSecretPost:
                form["client_id"] = client.ClientId;
                form["client_secret"] = client.ClientSecret!.Reveal();
                break;
            case ClientAuthMethod.PrivateKeyJwt:
                form["client_id"] = client.ClientId;
                form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
                form["client_assertion"] = assertions.Create(client, request.Server);
                break;
            default:
                form["client_id"] = client.ClientId;
                break;
        }
    }

    private static string FormEncode(string text) =>
        Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}

/// <summary>Which server, as which client, for which target.</summary>
internal sealed record TokenRequest(Target Target, AuthorizationServer Server, ClientRegistration Client)
{
    /// <summary>Scopes to ask for when nothing else says which. A list of the operator's is taken as it is.</summary>
    public ScopeSet UsualScopes
    {
        get
        {
            var settings = Target.AuthorizationCode;
            var scopes = settings.Scopes.Count > 0 ? new ScopeSet(settings.Scopes) : Discovered(settings);
            return settings.AdditionalScopes.Count > 0 ? scopes.Union(new ScopeSet(settings.AdditionalScopes)) : scopes;
        }
    }

    private ScopeSet Discovered(AuthorizationCodeOptions settings)
    {
        var scopes = Server.SuggestedScopes ?? ScopeSet.Empty;
        return !settings.RequestOfflineAccess ? scopes.Without(AuthorizationServerMetadata.OfflineAccess)
            : Server.OffersOfflineAccess ? scopes.Union(new ScopeSet([AuthorizationServerMetadata.OfflineAccess]))
            : scopes;
    }
}
