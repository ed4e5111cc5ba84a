using Microsoft.Extensions.Configuration;

namespace AspireGateway.AppHost;

/// <summary>What plays the realms.</summary>
internal enum IdentityProviderKind
{
    /// <summary>The project <c>IdentityProvider</c>, one process for each realm.</summary>
    Embedded,
}

/// <summary>Which identity provider is run, and why.</summary>
/// <param name="Kind">What was chosen.</param>
/// <param name="Explanation">One line for a person: what, why, and how to get the other.</param>
internal sealed record IdentityProviderChoice(IdentityProviderKind Kind, string Explanation)
{
    private const string Setting = "IdentityProvider";

    /// <summary>The setting decides; without it, what is possible here.</summary>
    /// <exception cref="DistributedApplicationException">The setting names something unknown.</exception>
    public static IdentityProviderChoice Make(IConfiguration configuration) =>
        configuration[Setting] switch
        {
            null or "" => new IdentityProviderChoice(
                IdentityProviderKind.Embedded,
                "Identity provider: embedded, because nothing else was asked for."
            ),
            var name when name.Equals("embedded", StringComparison.OrdinalIgnoreCase) => new IdentityProviderChoice(
                IdentityProviderKind.Embedded,
                $"Identity provider: embedded, as {Setting}={name} asks."
            ),
            var name => throw new DistributedApplicationException(
                $"{Setting} is '{name}'. Set it to 'embedded', or leave it unset to have it chosen."
            ),
        };
}
