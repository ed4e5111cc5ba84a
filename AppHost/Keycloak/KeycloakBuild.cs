using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AspireGateway.AppHost.Keycloak;

/// <summary>
/// Keycloak compiles itself for its set of features when it starts, which takes longer than the start. This is done once for
/// each installation and kept below the user's account, for every clone and every test run.
/// </summary>
/// <param name="cache">Folder where it is kept.</param>
/// <param name="say">Tells a person what takes so long.</param>
internal sealed class KeycloakBuild(string cache, Action<string> say)
{
    private static readonly TimeSpan LockInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>The folder with the compiled part.</summary>
    /// <param name="installation">Which Keycloak.</param>
    /// <param name="options">Environment variables with the options that are compiled in.</param>
    /// <param name="realms">Folder of the realm files, for advice.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DistributedApplicationException">It does not compile.</exception>
    public async Task<string> GetAsync(
        KeycloakInstallation installation,
        IReadOnlyDictionary<string, string> options,
        string realms,
        CancellationToken cancellationToken
    )
    {
        var folder = Path.Combine(cache, $"keycloak-{Key(installation, options)}");
        Directory.CreateDirectory(cache);
        using var alone = await LockAsync($"{folder}.lock", cancellationToken);
        if (Directory.Exists(folder))
        {
            return folder;
        }

        say($"{installation.Name} compiles itself for the features of the realms: once, for about half a minute.");
        var overlay = $"{folder}.new";
        KeycloakOverlay.Create(overlay, installation);
        var compiled = Path.Combine(overlay, KeycloakOverlay.CompiledFolder);
        var before = Stamp(compiled);
        var compilation = new KeycloakCompilation();
        await compilation.RunAsync(overlay, options, cancellationToken);
        if (!compilation.IsDone && Stamp(compiled) == before)
        {
            var words = string.Join(' ', compilation.Lines.TakeLast(5));
            var advice = KeycloakFailures.Explain(compilation.Lines, realms);
            throw new DistributedApplicationException($"{installation.Name} says: {words} {advice}".TrimEnd());
        }

        Directory.Move(compiled, folder);
        Directory.Delete(overlay, recursive: true);
        return folder;
    }

    private static string Key(KeycloakInstallation installation, IReadOnlyDictionary<string, string> options)
    {
        var files = Directory.Exists(Path.Combine(installation.Home, "providers"))
            ? Directory.EnumerateFiles(Path.Combine(installation.Home, "providers"))
            : [];
        string[] parts =
        [
            installation.Home,
            installation.Name,
            .. options.Select(static option => $"{option.Key}={option.Value}").Order(StringComparer.Ordinal),
            .. files
                .Append(Path.Combine(installation.Home, "lib", "quarkus-run.jar"))
                .Order(StringComparer.Ordinal)
                .Select(static file =>
                    string.Create(CultureInfo.InvariantCulture, $"{file} {File.GetLastWriteTimeUtc(file).Ticks}")
                ),
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..12];
    }

    // Whoever comes second waits, and finds what the first one made.
    private static async Task<FileStream> LockAsync(string file, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(LockInterval, cancellationToken);
            }
        }
    }

    private static string Stamp(string folder) =>
        string.Join(
            '\n',
            Directory
                .EnumerateFiles(folder)
                .Order(StringComparer.Ordinal)
                .Select(static file => $"{file} {File.GetLastWriteTimeUtc(file).Ticks}")
        );
}
