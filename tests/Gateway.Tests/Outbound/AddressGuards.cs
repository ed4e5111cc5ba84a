using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Upstream;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>The guard of addresses as a gateway has it, without one.</summary>
internal static class AddressGuards
{
    /// <param name="environment">Name of the host's environment.</param>
    /// <param name="trusted">URL of a target that the operator configured, whose host is let through.</param>
    public static AddressGuard Of(string environment, string? trusted = null)
    {
        var targets = new TargetsOptions();
        if (trusted is not null)
        {
            targets["known"] = new TargetOptions { Url = trusted };
        }

        return new AddressGuard(
            new HostingEnvironment { EnvironmentName = environment },
            new TrustedHosts(Options.Create(targets))
        );
    }
}
