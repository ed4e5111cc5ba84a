using System.Diagnostics;

namespace AspireGateway.AppHost.Keycloak;

/// <summary>
/// A Keycloak home that may be written to, made from an installation that must not: small parts are copied, the 400 MB of
/// libraries are linked.
/// </summary>
internal static class KeycloakOverlay
{
    /// <summary>What is compiled for a set of features; everything else is the same for each.</summary>
    public static string CompiledFolder { get; } = Path.Combine("lib", "quarkus");

    // May name a database and a host name of one's own, which have nothing to do with these realms.
    private const string Configuration = "keycloak.conf";
    private const string Data = "data";

    /// <summary>Makes one, in place of what was there; its data stay.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="installation">From what.</param>
    /// <param name="compiled">The compiled part, when it is there already; else the installation's own.</param>
    public static void Create(string folder, KeycloakInstallation installation, string? compiled = null)
    {
        Directory.CreateDirectory(folder);
        foreach (var old in Directory.EnumerateDirectories(folder).Where(IsNotData))
        {
            // Does not follow links.
            Directory.Delete(old, recursive: true);
        }

        CopyFile(installation.Home, folder, KeycloakInstallation.Script);
        CopyFile(installation.Home, folder, "version.txt");
        CopyFile(installation.Home, folder, Path.Combine("lib", "quarkus-run.jar"));
        foreach (var part in (string[])["conf", "providers", "themes", Path.Combine("lib", "app")])
        {
            CopyFolder(Path.Combine(installation.Home, part), Path.Combine(folder, part));
        }

        CopyFolder(compiled ?? Path.Combine(installation.Home, CompiledFolder), Path.Combine(folder, CompiledFolder));
        var libraries = Path.Combine("lib", "lib");
        Link(Path.Combine(folder, libraries), Path.Combine(installation.Home, libraries));
    }

    private static bool IsNotData(string path) => Path.GetFileName(path) != Data;

    private static void CopyFile(string from, string to, string file)
    {
        var source = Path.Combine(from, file);
        if (File.Exists(source))
        {
            var target = Path.Combine(to, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(source, target, overwrite: true);
        }
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        if (!Directory.Exists(from))
        {
            return;
        }

        foreach (
            var file in Directory.EnumerateFiles(from).Where(static file => Path.GetFileName(file) != Configuration)
        )
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }

        foreach (var folder in Directory.EnumerateDirectories(from))
        {
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    // Windows lets only some accounts make symbolic links, but everybody make junctions; copying always works.
    private static void Link(string link, string target)
    {
        try
        {
            Directory.CreateSymbolicLink(link, target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!OperatingSystem.IsWindows() || !MakeJunction(link, target))
            {
                CopyFolder(target, link);
            }
        }
    }

    private static bool MakeJunction(string link, string target)
    {
        using var command = Process.Start(
            new ProcessStartInfo("cmd.exe", ["/c", "mklink", "/J", link, target]) { CreateNoWindow = true }
        );
        command?.WaitForExit();
        return Directory.Exists(link);
    }
}
