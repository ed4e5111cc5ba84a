using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Inbound;

internal sealed class InboundOptionsValidator(IHostEnvironment environment) : IValidateOptions<InboundOptions>
{
    public ValidateOptionsResult Validate(string? name, InboundOptions options)
    {
        var errors = CheckGateway(options)
            .Concat(
                options.Issuers.SelectMany((issuer, i) => CheckIssuer(issuer, $"{InboundOptions.Section}:Issuers:{i}"))
            )
            .Concat(CheckDuplicates(options.Issuers))
            .ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private IEnumerable<string> CheckGateway(InboundOptions options)
    {
        if (options.AllowAnonymous && !environment.IsDevelopment())
        {
            yield return "Gateway:Inbound:AllowAnonymous lets everybody in and works in Development only. Remove it and configure "
                + "Gateway:Inbound:Issuers.";
        }

        if (options.Issuers.Count == 0 && !options.AllowAnonymous)
        {
            yield return "Gateway:Inbound:Issuers is empty, so that nobody could call. Add an identity provider: "
                + "Gateway:Inbound:Issuers:0:Name and Gateway:Inbound:Issuers:0:DiscoveryUrl.";
        }

        if (options.ClockSkew < TimeSpan.Zero || options.ClockSkew > TimeSpan.FromMinutes(5))
        {
            yield return $"Gateway:Inbound:ClockSkew is {options.ClockSkew}. Choose a time between 00:00:00 and 00:05:00.";
        }

        if (options.MaxTokenLifetime <= TimeSpan.Zero)
        {
            yield return $"Gateway:Inbound:MaxTokenLifetime is {options.MaxTokenLifetime}. Choose a positive time, for example 24:00:00.";
        }

        if (options.TokenCacheSize < 0)
        {
            yield return $"Gateway:Inbound:TokenCacheSize is {options.TokenCacheSize}. Use 0 to check every signature again, or a positive number.";
        }

        foreach (var origin in options.AllowedOrigins.Where(static origin => !IsOrigin(origin)))
        {
            yield return $"Gateway:Inbound:AllowedOrigins contains '{origin}'. An origin is scheme, host and port without a "
                + "path, for example https://inspector.example.com; wildcards are not accepted.";
        }
    }

    private IEnumerable<string> CheckIssuer(IssuerOptions issuer, string path)
    {
        if (issuer.Name.Length == 0 || !issuer.Name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            yield return $"{path}:Name is '{issuer.Name}'. Give the issuer a short stable name of letters, digits and hyphens, for example corp.";
        }

        if (!Uri.TryCreate(issuer.DiscoveryUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            yield return $"{path}:DiscoveryUrl is '{issuer.DiscoveryUrl}', which is no absolute URL. Set it to the provider's metadata, "
                + "for example https://id.example.com/.well-known/openid-configuration.";
        }
        else if (url.Scheme != Uri.UriSchemeHttps && !environment.IsDevelopment())
        {
            yield return $"{path}:DiscoveryUrl '{issuer.DiscoveryUrl}' is not https. Outside Development signing keys are "
                + "fetched over https only.";
        }

        if (issuer.SubjectClaim.Length == 0)
        {
            yield return $"{path}:SubjectClaim is empty. Remove it to use sub, or name the claim that identifies a person for good.";
        }

        if (!issuer.RequireAudience && issuer.AllowedClients.Count == 0)
        {
            yield return $"{path}:RequireAudience is false without AllowedClients: every token of the provider would be "
                + "accepted. List the client ids that may call in AllowedClients.";
        }

        if (issuer.SignIn.ClientId.Length > 0 && !ScopeSet.Parse(issuer.SignIn.Scopes).Contains("openid"))
        {
            yield return $"{path}:SignIn:Scopes is '{issuer.SignIn.Scopes}'. Sign-in is OpenID Connect: add openid.";
        }

        foreach (
            var error in issuer.CustomClaims.SelectMany((claim, i) => CheckClaim(claim, $"{path}:CustomClaims:{i}"))
        )
        {
            yield return error;
        }

        if (issuer.AdvertisedScopeMapping.Any(static m => m.Advertised.Length == 0 || m.Token.Length == 0))
        {
            yield return $"{path}:AdvertisedScopeMapping has an incomplete pair. Each needs Advertised (the scope that clients "
                + "ask for) and Token (the scope in the access token).";
        }
    }

    private static IEnumerable<string> CheckClaim(CustomClaimOptions claim, string path)
    {
        if (claim.Name.Length == 0)
        {
            yield return $"{path}:Name is empty. Name the claim to compare.";
        }

        switch (claim.ParsedOperator)
        {
            case null:
                yield return $"{path}:Operator is '{claim.Operator}'. Use EQUALS, CONTAINS or CONTAINS_ANY.";
                break;
            case ClaimOperator.ContainsAny when claim.Values.Count == 0:
                yield return $"{path}:Values is empty. CONTAINS_ANY needs at least one value.";
                break;
            case ClaimOperator.Equals or ClaimOperator.Contains when claim.Value is null:
                yield return $"{path}:Value is missing. {claim.Operator} compares with one value.";
                break;
            default:
                break;
        }
    }

    private static IEnumerable<string> CheckDuplicates(IList<IssuerOptions> issuers)
    {
        foreach (var name in Repeated(issuers.Select(static issuer => issuer.Name)))
        {
            yield return $"Gateway:Inbound:Issuers has two entries with the name '{name}'. Users of both would be mixed up: give each its own.";
        }

        foreach (var url in Repeated(issuers.Select(static issuer => issuer.TokenIssuer)))
        {
            yield return $"Gateway:Inbound:Issuers has two entries for the issuer '{url}'. Merge them into one.";
        }
    }

    private static IEnumerable<string> Repeated(IEnumerable<string> values) =>
        values
            .Where(static value => value.Length > 0)
            .GroupBy(static value => value, StringComparer.Ordinal)
            .Where(static group => group.Skip(1).Any())
            .Select(static group => group.Key);

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && string.Equals(url.GetLeftPart(UriPartial.Authority), text, StringComparison.Ordinal);
}
