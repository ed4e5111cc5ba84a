using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Inbound;

/// <summary>
/// Translates between scopes as the gateway and its clients name them and scopes as an issuer's tokens carry them
/// (<see cref="IssuerOptions.AdvertisedScopeMapping"/>).
/// </summary>
internal sealed class ScopeNames(IOptions<InboundOptions> options)
{
    // With one issuer its spelling is the one that clients must ask for; with several, each client asks its own issuer and
    // the mapping of the first issuer that has one is advertised.
    private readonly Dictionary<string, string> _advertised = options
        .Value.Issuers.SelectMany(static issuer => issuer.AdvertisedScopeMapping)
        .GroupBy(static mapping => mapping.Token, StringComparer.Ordinal)
        .ToDictionary(static group => group.Key, static group => group.First().Advertised, StringComparer.Ordinal);

    /// <summary>The scopes as a client must ask for them.</summary>
    public ScopeSet Advertise(ScopeSet scopes) =>
        _advertised.Count == 0
            ? scopes
            : new(scopes.Values.Select(scope => _advertised.GetValueOrDefault(scope, scope)));
}
