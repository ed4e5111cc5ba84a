using AspireGateway.Gateway.Inbound.Challenge;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Inbound.Tokens;

/// <summary>Step 2: the caller of a request. Strict header, validated token, and an audience that fits the route.</summary>
internal sealed class AccessTokens(
    AccessTokenValidator validator,
    IOptions<GatewayOptions> gateway,
    IOptions<InboundOptions> inbound
)
{
    private static readonly Refusal Malformed = Refusal.InvalidToken(
        ErrorCodes.MalformedAuthorization,
        "Send exactly one header 'Authorization: Bearer <access token>'."
    );

    private static readonly Refusal WrongAudience = Refusal.InvalidToken(
        ErrorCodes.WrongAudience,
        "The access token is for another resource of this gateway. Ask for one with the resource named in the metadata."
    );

    private readonly Caller? _everybody = inbound.Value.AllowAnonymous
        ? Caller.Anonymous(gateway.Value.Resource, inbound.Value.RequiredScopes)
        : null;

    /// <summary>Returns the caller, or why there is none.</summary>
    public async ValueTask<TokenResult> FindCallerAsync(HttpContext context)
    {
        if (_everybody is not null)
        {
            return new(_everybody, null);
        }

        var header = context.Request.Headers.Authorization;
        if (!ConnectionToken.TryFind(context, header, out var key))
        {
            switch (AuthorizationHeader.Read(header, out var token))
            {
                case AuthorizationHeaderKind.Missing:
                    return new(null, Refusal.MissingToken);
                case AuthorizationHeaderKind.Malformed:
                    return new(null, Malformed);
                default:
                    key = AccessTokenCache.KeyOf(token);
                    ConnectionToken.Keep(context, header[0]!, key);
                    break;
            }
        }

        var result = await validator.ValidateAsync(context, key, header[0]!);
        return result.Caller is null || IsForThisRoute(context, result.Caller) ? result : new(null, WrongAudience);
    }

    // A token for /mcp is good on every route, one for /mcp/{target} only there.
    private bool IsForThisRoute(HttpContext context, Caller caller) =>
        caller.Audiences.Contains(gateway.Value.Resource, StringComparer.Ordinal)
        || (
            context.GetRouteTarget() is { } target
            && caller.Audiences.Contains(gateway.Value.ResourceOf(target), StringComparer.Ordinal)
        );
}
