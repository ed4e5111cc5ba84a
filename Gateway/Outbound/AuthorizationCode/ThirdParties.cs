using AspireGateway.Gateway.Outbound.Discovery;
using AspireGateway.Gateway.Outbound.Registration;
using AspireGateway.Gateway.Targets;

namespace AspireGateway.Gateway.Outbound.AuthorizationCode;

/// <summary>What is needed to talk to the authorization server of a target: where it is, and who the gateway is there.</summary>
internal sealed class ThirdParties(TargetDiscovery discovery, ClientRegistrations registrations)
{
    public async Task<Outcome<TokenRequest>> ForAsync(Target target, CancellationToken cancel)
    {
        var server = await discovery.FindAsync(target, cancel);
        if (server.Value is not { } found)
        {
            return server.Problem!;
        }

        var client = await registrations.ForAsync(target, found, cancel);
        return client.Value is { } registration ? new TokenRequest(target, found, registration) : client.Problem!;
    }
}
