using AspireGateway.Gateway.Inbound.Challenge;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AspireGateway.Gateway.Inbound.Tokens;

/// <summary>One JwtBearer scheme for each configured issuer, all with the same strict rules.</summary>
internal sealed class IssuerSchemes(
    IOptions<InboundOptions> inbound,
    IssuerRegistry issuers,
    AccessTokenRules rules,
    TimeProvider time
) : IConfigureOptions<AuthenticationOptions>, IConfigureNamedOptions<JwtBearerOptions>
{
    // Asymmetric only: with HS256 the public key would be the secret. A null list, the default, accepts any algorithm.
    internal static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256,
        SecurityAlgorithms.RsaSha384,
        SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.RsaSsaPssSha384,
        SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.EcdsaSha384,
        SecurityAlgorithms.EcdsaSha512,
    ];

    /// <summary>Name of the scheme that validates this issuer's tokens.</summary>
    public static string NameOf(IssuerOptions issuer) => "issuer:" + issuer.Name;

    public void Configure(AuthenticationOptions options)
    {
        foreach (var issuer in inbound.Value.Issuers)
        {
            options.AddScheme<JwtBearerHandler>(NameOf(issuer), displayName: null);
        }
    }

    public void Configure(JwtBearerOptions options) { }

    public void Configure(string? name, JwtBearerOptions options)
    {
        var issuer = issuers.All.Single(issuer =>
            string.Equals(NameOf(issuer.Options), name, StringComparison.Ordinal)
        );
        options.ConfigurationManager = issuer;
        options.MapInboundClaims = false;
        options.RefreshOnIssuerKeyNotFound = false;
        options.TimeProvider = time;
        options.TokenValidationParameters = Parameters(issuer.Options);
        options.Events = new JwtBearerEvents { OnTokenValidated = context => Apply(context, issuer.Options) };
    }

    private TokenValidationParameters Parameters(IssuerOptions issuer) =>
        new()
        {
            ValidAlgorithms = Algorithms,
            ClockSkew = inbound.Value.ClockSkew,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            // Audience depends on the route and, for some providers, on the client: AccessTokenRules and AccessTokens check it.
            ValidateAudience = false,
            IssuerValidator = (iss, _, _) =>
                string.Equals(iss, issuer.TokenIssuer, StringComparison.Ordinal)
                    ? iss
                    : throw new SecurityTokenInvalidIssuerException("The token is from another issuer."),
            LifetimeValidator = (notBefore, expires, _, parameters) => IsAlive(notBefore, expires, parameters),
        };

    // The library's own validator reads the system clock.
    private bool IsAlive(DateTime? notBefore, DateTime? expires, TokenValidationParameters parameters)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (expires is null)
        {
            throw new SecurityTokenNoExpirationException("The token never expires.");
        }

        if (expires <= now - parameters.ClockSkew)
        {
            throw new SecurityTokenExpiredException("The token has expired.");
        }

        return notBefore is null || notBefore <= now + parameters.ClockSkew
            ? true
            : throw new SecurityTokenNotYetValidException("The token is not valid yet.");
    }

    private Task Apply(TokenValidatedContext context, IssuerOptions issuer)
    {
        if (rules.Check((JsonWebToken)context.SecurityToken, issuer, out var caller) is { } refusal)
        {
            context.Fail(new RefusedTokenException(refusal));
        }
        else
        {
            context.Principal = caller!.Principal;
        }

        return Task.CompletedTask;
    }

    /// <summary>Says in the gateway's words why JwtBearer did not accept a token.</summary>
    public static Refusal Explain(Exception? failure) =>
        failure switch
        {
            RefusedTokenException refused => refused.Refusal,
            SecurityTokenExpiredException => Refusal.InvalidToken(
                ErrorCodes.Expired,
                "The access token has expired. Refresh it or sign in again."
            ),
            SecurityTokenNotYetValidException => Refusal.InvalidToken(
                ErrorCodes.NotYetValid,
                "The access token is not valid yet. Compare the clocks of identity provider and gateway."
            ),
            SecurityTokenNoExpirationException => Refusal.InvalidToken(
                ErrorCodes.NoExpiry,
                "The access token never expires, which is not accepted. Let the identity provider issue tokens with an end (exp)."
            ),
            SecurityTokenInvalidIssuerException => Refusal.InvalidToken(
                ErrorCodes.WrongIssuer,
                "The access token is from an issuer that this gateway does not trust. Sign in where the gateway's metadata says, or add the issuer to Gateway:Inbound:Issuers."
            ),
            SecurityTokenSignatureKeyNotFoundException => Refusal.InvalidToken(
                ErrorCodes.UnknownKey,
                "The access token is signed with a key that its issuer does not publish. Sign in again."
            ),
            _ => Refusal.InvalidToken(
                ErrorCodes.InvalidSignature,
                "The signature of the access token is not valid for its issuer: it was changed on its way, or somebody else issued it. Sign in again."
            ),
        };
}
