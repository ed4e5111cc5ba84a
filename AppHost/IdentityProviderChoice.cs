using AspireGateway.AppHost.Keycloak;
using Microsoft.Extensions.Configuration;

namespace AspireGateway.AppHost;

/// <summary>What plays the realms.</summary>
internal enum IdentityProviderKind
{
    /// <summary>The project <c>IdentityProvider</c>, one process for each realm.</summary>
    Embedded,

    /// <summary>Keycloak from an installation on this machine.</summary>
    KeycloakInstallation,

    /// <summary>Keycloak in a container.</summary>
    KeycloakContainer,

    /// <summary>Whatever serves the URLs that two parameters name.</summary>
    External,
}

/// <summary>What can be run here.</summary>
/// <param name="HasContainers">The engine can run containers.</param>
/// <param name="IsPublishing">A description for other machines is written; nothing runs.</param>
/// <param name="FindContainerRuntime">Name of the container runtime that answers, or null.</param>
internal sealed record Circumstances(bool HasContainers, bool IsPublishing, Func<string?> FindContainerRuntime);

/// <summary>Which identity provider is run, and why.</summary>
/// <param name="Kind">What was chosen.</param>
/// <param name="Explanation">One line for a person: what, why, and how to get the other.</param>
/// <param name="Installation">The Keycloak to run, where it is an installation.</param>
internal sealed record IdentityProviderChoice(
    IdentityProviderKind Kind,
    string Explanation,
    KeycloakInstallation? Installation = null
)
{
    private const string Setting = "IdentityProvider";
    private const string UseEmbedded = $"{Setting}=embedded chooses the embedded one";
    private const string GetKeycloak =
        $"set {KeycloakInstallation.Variable} to an unpacked Keycloak distribution (26.6 or newer, needs Java)";

    /// <summary>The setting decides; without it, what is possible here.</summary>
    /// <exception cref="DistributedApplicationException">What was asked for cannot be had.</exception>
    public static IdentityProviderChoice Make(IConfiguration configuration, Circumstances here)
    {
        var asked = configuration[Setting]?.ToLowerInvariant();
        var home = configuration[KeycloakInstallation.Variable];
        return asked switch
        {
            "embedded" when here.IsPublishing => throw new DistributedApplicationException(
                $"The embedded identity provider is for development on one machine. To publish, set {Setting} to 'keycloak' or 'external'."
            ),
            "embedded" => Choose(IdentityProviderKind.Embedded, $"embedded, as {Setting}={asked} asks"),
            "external" => Choose(IdentityProviderKind.External, $"external, as {Setting}={asked} asks"),
            "keycloak" or null or "" when here.IsPublishing => Choose(
                IdentityProviderKind.KeycloakContainer,
                "keycloak in a container, because the system is published",
                $"{Setting}=external takes one that is there already"
            ),
            "keycloak" or null or "" when !string.IsNullOrEmpty(home) => OfInstallation(home),
            "keycloak" or null or "" when here.HasContainers && here.FindContainerRuntime() is { } runtime => Choose(
                IdentityProviderKind.KeycloakContainer,
                $"keycloak in a container, because {runtime} answers",
                UseEmbedded
            ),
            "keycloak" => throw new DistributedApplicationException(
                $"{Setting}=keycloak, but there is no Keycloak here: {GetKeycloak}{OrContainers(here)}, or set {Setting}=embedded."
            ),
            null or "" => Choose(
                IdentityProviderKind.Embedded,
                $"embedded, because {KeycloakInstallation.Variable} is not set and {NoContainers(here)}",
                $"for Keycloak, {GetKeycloak}{OrContainers(here)}"
            ),
            _ => throw new DistributedApplicationException(
                $"{Setting} is '{configuration[Setting]}'. Set it to 'keycloak', 'embedded' or 'external', or leave it unset to have it chosen."
            ),
        };
    }

    private static IdentityProviderChoice OfInstallation(string home)
    {
        var installation = KeycloakInstallation.Find(home);
        var choice = Choose(
            IdentityProviderKind.KeycloakInstallation,
            $"keycloak, {installation.Name} in {home}, because {KeycloakInstallation.Variable} names it",
            UseEmbedded
        );
        return choice with { Installation = installation };
    }

    private static IdentityProviderChoice Choose(IdentityProviderKind kind, string what, string? other = null) =>
        new(kind, $"Identity provider: {what}{(other is null ? "" : $"; {other}")}.");

    private static string NoContainers(Circumstances here) =>
        here.HasContainers ? "no container runtime answers" : "the local engine runs no containers";

    private static string OrContainers(Circumstances here) => here.HasContainers ? ", or start Docker or Podman" : "";
}
