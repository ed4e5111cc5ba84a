using System.Text.RegularExpressions;

namespace AspireGateway.AppHost.Keycloak;

/// <summary>A Keycloak that somebody unpacked on this machine. Nothing is ever written there.</summary>
/// <param name="Home">Its folder.</param>
/// <param name="Version">Its version; null for a build of one's own that does not say.</param>
internal sealed partial record KeycloakInstallation(string Home, Version? Version)
{
    /// <summary>Environment variable (or setting) that names the folder.</summary>
    public const string Variable = "KEYCLOAK_HOME";

    /// <summary>The first version with what the realms need: client ID metadata documents.</summary>
    private static readonly Version Oldest = new(26, 6);

    /// <summary>What a person calls it.</summary>
    public string Name => Version is null ? "Keycloak" : $"Keycloak {Version}";

    /// <summary>The program that starts a Keycloak, in its folder.</summary>
    public static string Script { get; } = Path.Combine("bin", OperatingSystem.IsWindows() ? "kc.bat" : "kc.sh");

    /// <summary>Looks at the folder.</summary>
    /// <exception cref="DistributedApplicationException">There is no Keycloak that can be used.</exception>
    public static KeycloakInstallation Find(string folder)
    {
        var home = Path.GetFullPath(folder);
        if (!Directory.Exists(home))
        {
            throw Refuse(folder, "there is no such folder", "Point it to an unpacked Keycloak distribution");
        }

        string[] parts = [Script, Path.Combine("lib", "quarkus-run.jar"), Path.Combine("lib", "lib")];
        if (parts.FirstOrDefault(part => !Path.Exists(Path.Combine(home, part))) is { } missing)
        {
            throw Refuse(
                folder,
                $"there is no Keycloak: {missing} is missing",
                "Point it to the folder of an unpacked distribution that has bin, conf and lib in it"
            );
        }

        var version = ReadVersion(Path.Combine(home, "version.txt"));
        return version is not null && version < Oldest
            ? throw Refuse(
                folder,
                $"Keycloak is {version}, which does not know client ID metadata documents",
                $"Point it to Keycloak {Oldest} or newer"
            )
            : new KeycloakInstallation(home, version);
    }

    private static Version? ReadVersion(string file) =>
        File.Exists(file) && Version.TryParse(VersionNumber().Match(File.ReadAllText(file)).Value, out var version)
            ? version
            : null;

    private static DistributedApplicationException Refuse(string folder, string trouble, string advice) =>
        new(
            $"{Variable} is '{folder}', but {trouble}. {advice}, "
                + "or set IdentityProvider=embedded to do without Keycloak."
        );

    [GeneratedRegex(@"\d+(\.\d+){1,3}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VersionNumber();
}
