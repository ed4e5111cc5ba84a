using System.Diagnostics;
using AspireGateway.Gateway.Inbound.Challenge;
using AspireGateway.Gateway.Telemetry;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AspireGateway.Gateway.Inbound.Tokens;

/// <summary>Step 2: from the token of a request to its caller. Signature through JwtBearer, remembered in the cache.</summary>
internal sealed class AccessTokenValidator(IssuerRegistry issuers, AccessTokenCache cache, UserHash users)
{
    // No extension of JWS is understood here, so that a token that insists on one is refused (RFC 7515 §4.1.11).
    private const string CriticalHeader = "crit";

    /// <summary>Returns the caller, or why there is none.</summary>
    /// <param name="context">The request.</param>
    /// <param name="key">The token's key in the cache.</param>
    /// <param name="header">The header that holds the token; taken apart only when the token was not seen before.</param>
    public async ValueTask<TokenResult> ValidateAsync(HttpContext context, AccessTokenCache.Key key, string header)
    {
        using var span = GatewayTelemetry.Start(Spans.Authenticate);
        if (cache.Find(key) is { } known)
        {
            span?.SetTag(Tags.Issuer, known.User.Issuer).SetTag(Tags.CacheHit, true);
            Tell(span, known);
            return new(known, null);
        }

        span?.SetTag(Tags.CacheHit, false);
        var result = await ValidateNewAsync(context, key, AuthorizationHeader.TokenOf(header), span);
        if (result.Refusal is { } refusal)
        {
            span?.SetTag(Tags.Outcome, "refused").Fail(refusal.Reason);
        }
        else
        {
            Tell(span, result.Caller!);
        }

        return result;
    }

    // A hash for each request would be too much where the span is not recorded.
    private void Tell(Activity? span, Caller caller)
    {
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag(Tags.Outcome, "accepted").SetTag(Tags.User, users.Of(caller.User));
        }
    }

    private async ValueTask<TokenResult> ValidateNewAsync(
        HttpContext context,
        AccessTokenCache.Key key,
        string token,
        Activity? span
    )
    {
        if (Parse(token) is not { } parsed)
        {
            return new(
                null,
                Refusal.InvalidToken(
                    ErrorCodes.MalformedToken,
                    "The access token is no signed JWT. This gateway does not accept opaque tokens."
                )
            );
        }

        if (parsed.TryGetHeaderValue<object>(CriticalHeader, out _))
        {
            return new(
                null,
                Refusal.InvalidToken(
                    ErrorCodes.UnknownCrit,
                    "The access token insists on a JWS extension that this gateway does not know."
                )
            );
        }

        if (issuers.Find(parsed.Issuer) is not { } issuer)
        {
            return new(null, IssuerSchemes.Explain(new SecurityTokenInvalidIssuerException()));
        }

        span?.SetTag(Tags.Issuer, issuer.Options.Name).SetTag(Tags.KeyId, parsed.Kid);
        if (!issuer.HasKey(parsed.Kid))
        {
            await issuer.RefreshAsync(context.RequestAborted);
        }

        if (issuer.Current is null)
        {
            return new(null, Refusal.IssuerUnavailable);
        }

        // JwtBearer would try every other key for a token that names one it does not find.
        if (!issuer.HasKey(parsed.Kid))
        {
            return new(null, IssuerSchemes.Explain(new SecurityTokenSignatureKeyNotFoundException()));
        }

        var checkedToken = await context.AuthenticateAsync(IssuerSchemes.NameOf(issuer.Options));
        if (checkedToken.Principal?.Identity is not CallerIdentity { Caller: var caller })
        {
            return new(null, IssuerSchemes.Explain(checkedToken.Failure));
        }

        cache.Add(key, caller, issuer, parsed.Kid);
        return new(caller, null);
    }

    private static JsonWebToken? Parse(string token)
    {
        try
        {
            return new JsonWebToken(token) is { IsEncrypted: false, IsSigned: true } parsed ? parsed : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>A caller, or the reason why there is none; exactly one of them.</summary>
internal readonly record struct TokenResult(Caller? Caller, Refusal? Refusal);
