using AspireGateway.Gateway.Inbound.Challenge;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AspireGateway.Gateway.Inbound.Tokens;

/// <summary>What a token with a good signature must still fulfil before it stands for a caller. No rule depends on the request.</summary>
internal sealed class AccessTokenRules(
    IOptions<GatewayOptions> gateway,
    IOptions<InboundOptions> inbound,
    TimeProvider time
)
{
    // RFC 9068 §4 names at+jwt; most providers send JWT or nothing. Anything else is another kind of token.
    private static readonly string[] HeaderTypes = ["JWT", "at+jwt", "application/at+jwt"];

    /// <summary>Returns why the token is refused, or null and the caller it stands for.</summary>
    public Refusal? Check(JsonWebToken token, IssuerOptions issuer, out Caller? caller)
    {
        caller = null;
        var claims = new TokenClaims(token);
        var refusal = CheckType(token, claims) ?? CheckLifetime(token) ?? CheckClaims(claims, issuer);
        if (refusal is not null)
        {
            return refusal;
        }

        var clientId = claims.ClientId;
        if (issuer.AllowedClients.Count > 0 && (clientId is null || !issuer.AllowedClients.Contains(clientId)))
        {
            return Refusal.InvalidToken(
                ErrorCodes.WrongClient,
                "The access token was issued to a client that may not call this gateway."
            );
        }

        if (claims.Single(issuer.SubjectClaim) is not { Length: > 0 } subject)
        {
            return Refusal.InvalidToken(
                ErrorCodes.NoSubject,
                $"The access token has no claim '{issuer.SubjectClaim}', which identifies the user."
            );
        }

        if (Audiences(token, issuer) is not { } audiences)
        {
            return Refusal.InvalidToken(
                ErrorCodes.WrongAudience,
                "The access token is for another resource. Ask the identity provider for one with the resource named in the metadata."
            );
        }

        caller = new Caller(
            new UserId(issuer.Name, subject),
            clientId ?? "",
            Scopes(claims, issuer),
            audiences,
            new DateTimeOffset(token.ValidTo, TimeSpan.Zero)
        );
        return null;
    }

    private static Refusal? CheckType(JsonWebToken token, TokenClaims claims)
    {
        var header = token.Typ;
        if (!string.IsNullOrEmpty(header) && !HeaderTypes.Contains(header, StringComparer.OrdinalIgnoreCase))
        {
            return WrongType();
        }

        // Keycloak tells its kinds of token apart by the claim typ, Cognito by token_use; ID tokens have hashes (OIDC Core §3.1.3.6)
        // and logout tokens have events (OIDC Back-Channel Logout §2.4).
        var isOther =
            claims.Single("typ") is { } kind && !string.Equals(kind, "Bearer", StringComparison.OrdinalIgnoreCase)
            || claims.Single("token_use") is { } use && !string.Equals(use, "access", StringComparison.Ordinal)
            || claims.Has("at_hash")
            || claims.Has("c_hash")
            || claims.Has("events");
        return isOther ? WrongType() : null;
    }

    private static Refusal WrongType() =>
        Refusal.InvalidToken(
            ErrorCodes.WrongTokenType,
            "This is not an access token. Send the access_token of the token response, no ID, refresh or logout token."
        );

    private Refusal? CheckLifetime(JsonWebToken token)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var issued = token.IssuedAt == DateTime.MinValue ? now : token.IssuedAt;
        if (issued > now + inbound.Value.ClockSkew)
        {
            return Refusal.InvalidToken(
                ErrorCodes.NotYetValid,
                "The access token was issued in the future. Compare the clocks of identity provider and gateway."
            );
        }

        return token.ValidTo - issued > inbound.Value.MaxTokenLifetime
            ? Refusal.InvalidToken(
                ErrorCodes.LifetimeTooLong,
                "The access token lives longer than this gateway accepts. Shorten it at the identity provider."
            )
            : null;
    }

    private static Refusal? CheckClaims(TokenClaims claims, IssuerOptions issuer)
    {
        foreach (var rule in issuer.CustomClaims)
        {
            if (!Holds(rule, claims.All(rule.Name)))
            {
                return Refusal.InvalidToken(
                    ErrorCodes.ClaimMismatch,
                    $"The access token's claim '{rule.Name}' does not have the value that this gateway asks for."
                );
            }
        }

        return issuer.AllowedScopes.Count == 0 || claims.Scopes.Any(issuer.AllowedScopes.Contains)
            ? null
            : Refusal.InvalidToken(
                ErrorCodes.ScopeNotAllowed,
                "The access token has none of the scopes that this gateway accepts from its issuer."
            );
    }

    private static bool Holds(CustomClaimOptions rule, IReadOnlyList<string> values) =>
        rule.ParsedOperator switch
        {
            ClaimOperator.Equals => values is [var only] && string.Equals(only, rule.Value, StringComparison.Ordinal),
            ClaimOperator.Contains => values.Contains(rule.Value, StringComparer.Ordinal),
            ClaimOperator.ContainsAny => values.Any(rule.Values.Contains),
            _ => false,
        };

    private List<string>? Audiences(JsonWebToken token, IssuerOptions issuer)
    {
        var resource = gateway.Value.Resource;
        var audiences = token.Audiences.ToList();
        if (audiences.Count == 0)
        {
            return issuer.RequireAudience ? null : [resource];
        }

        if (audiences.Any(issuer.AllowedAudience.Contains))
        {
            return [resource];
        }

        var ours = audiences.Where(audience => IsOurs(audience, resource)).ToList();
        return ours.Count == 0 ? null : ours;
    }

    private static bool IsOurs(string audience, string resource) =>
        audience.StartsWith(resource, StringComparison.Ordinal)
        && (audience.Length == resource.Length || audience[resource.Length] == '/');

    private static ScopeSet Scopes(TokenClaims claims, IssuerOptions issuer)
    {
        if (issuer.AdvertisedScopeMapping.Count == 0)
        {
            return new(claims.Scopes);
        }

        // The gateway's own names are the token's; the advertised spelling is only for authorization requests.
        return new(
            claims.Scopes.Concat(
                issuer
                    .AdvertisedScopeMapping.Where(m => claims.Scopes.Contains(m.Advertised, StringComparer.Ordinal))
                    .Select(static m => m.Token)
            )
        );
    }
}
