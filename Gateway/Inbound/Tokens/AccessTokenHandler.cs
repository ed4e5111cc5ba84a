using System.Text.Encodings.Web;
using AspireGateway.Gateway.Inbound.Challenge;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Inbound.Tokens;

/// <summary>The default authentication scheme: strict header, validated token, and an audience that fits the route.</summary>
internal sealed class AccessTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    AccessTokenValidator validator,
    IOptions<GatewayOptions> gateway,
    IOptions<InboundOptions> inbound
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public new const string Scheme = "Bearer";

    private static readonly Refusal Malformed = Refusal.InvalidToken(
        ErrorCodes.MalformedAuthorization,
        "Send exactly one header 'Authorization: Bearer <access token>'."
    );

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (inbound.Value.AllowAnonymous)
        {
            return Success(Caller.Anonymous(gateway.Value.Resource, inbound.Value.RequiredScopes));
        }

        var header = Request.Headers.Authorization;
        if (!ConnectionToken.TryFind(Context, header, out var key))
        {
            switch (AuthorizationHeader.Read(header, out var token))
            {
                case AuthorizationHeaderKind.Missing:
                    return AuthenticateResult.NoResult();
                case AuthorizationHeaderKind.Malformed:
                    return Refused(Malformed);
                default:
                    key = AccessTokenCache.KeyOf(token);
                    ConnectionToken.Keep(Context, header[0]!, key);
                    break;
            }
        }

        var (caller, refusal) = await validator.ValidateAsync(Context, key, header[0]!);
        if (caller is null)
        {
            return Refused(refusal!);
        }

        return IsForThisRoute(caller)
            ? Success(caller)
            : Refused(
                Refusal.InvalidToken(
                    ErrorCodes.WrongAudience,
                    "The access token is for another resource of this gateway. Ask for one with the resource named in the metadata."
                )
            );
    }

    // A token for /mcp is good on every route, one for /mcp/{target} only there.
    private bool IsForThisRoute(Caller caller)
    {
        if (caller.Audiences.Contains(gateway.Value.Resource, StringComparer.Ordinal))
        {
            return true;
        }

        return Context.GetRouteTarget() is { } target
            && caller.Audiences.Contains(gateway.Value.ResourceOf(target), StringComparer.Ordinal);
    }

    private static AuthenticateResult Success(Caller caller) =>
        AuthenticateResult.Success(new AuthenticationTicket(caller.Principal, Scheme));

    private static AuthenticateResult Refused(Refusal refusal) =>
        AuthenticateResult.Fail(new RefusedTokenException(refusal));
}
