using Microsoft.IdentityModel.JsonWebTokens;

namespace AspireGateway.Gateway.Inbound.Tokens;

/// <summary>The claims of one token under the different names and shapes that providers give them.</summary>
internal sealed class TokenClaims(JsonWebToken token)
{
    // RFC 9068 and Cognito, Keycloak and Entra, Okta.
    private static readonly string[] ClientClaims = ["client_id", "azp", "cid"];

    // Microsoft Entra ID's v1 tokens have none of these; elsewhere appid may mean anything.
    private const string EntraV1ClientClaim = "appid";

    private static readonly string[] ScopeClaims = ["scope", "scp"];

    private readonly ILookup<string, string> _claims = token.Claims.ToLookup(
        static claim => claim.Type,
        static claim => claim.Value,
        StringComparer.Ordinal
    );

    public bool Has(string name) => _claims.Contains(name);

    /// <summary>All values of a claim: one for a string, one for each member of an array.</summary>
    public IReadOnlyList<string> All(string name) => [.. _claims[name]];

    /// <summary>The value of a claim; null when it is missing or has several.</summary>
    public string? Single(string name) => All(name) is [var only] ? only : null;

    /// <summary>Client that the token was issued to; null when no claim says so, or two claims disagree.</summary>
    public string? ClientId
    {
        get
        {
            var ids = ClientClaims.SelectMany(name => _claims[name]).Distinct(StringComparer.Ordinal).ToList();
            return ids switch
            {
                [var only] => only,
                [] => Single(EntraV1ClientClaim),
                _ => null,
            };
        }
    }

    /// <summary>Scopes from <c>scope</c> or <c>scp</c>, which may be a space separated string or an array.</summary>
    public IReadOnlyList<string> Scopes { get; } =
    [
        .. ScopeClaims
            .SelectMany(name => token.Claims.Where(claim => string.Equals(claim.Type, name, StringComparison.Ordinal)))
            .SelectMany(static claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
    ];
}
