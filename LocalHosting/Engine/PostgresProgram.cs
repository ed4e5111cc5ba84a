using System.Diagnostics;
using System.Globalization;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>This machine's PostgreSQL, run on loopback with data in a temporary folder.</summary>
internal static class PostgresProgram
{
    public const string Superuser = "postgres";

    private const string PackagedVersions = "/usr/lib/postgresql";

    // Nothing of it has to survive, so that the disk is not waited for.
    private const string Script = """
        set -e
        "$1/initdb" -D "$2/data" -U "$3" --pwfile "$2/password" -A scram-sha-256 -E UTF8 --locale=C --no-sync >/dev/null
        exec "$1/postgres" -D "$2/data" -p "$4" -h 127.0.0.1 -k '' \
            -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c log_checkpoints=off
        """;

    private static bool IsRoot => string.Equals(Environment.UserName, "root", StringComparison.Ordinal);

    /// <summary>Why there can be none here, and what to do; null when there can.</summary>
    public static string? Unavailable =>
        OperatingSystem.IsWindows() ? "the local engine runs PostgreSQL on Linux and macOS only"
        : FindFolder() is null
            ? $"there is no PostgreSQL here: 'initdb' and 'postgres' are neither on the path nor in {PackagedVersions}/*/bin. Install it (Debian and Ubuntu: apt-get install postgresql)"
        : IsRoot && !File.ReadAllText("/etc/passwd").Contains("\npostgres:", StringComparison.Ordinal)
            ? "PostgreSQL does not run as root, and there is no user 'postgres'. Start the system as another user"
        : null;

    /// <summary>The program and its arguments, and the folder that is to be deleted afterwards.</summary>
    public static async Task<(IReadOnlyList<string> Command, string Folder)> PrepareAsync(
        PostgresServerResource server,
        CancellationToken cancel
    )
    {
        var folder = Directory.CreateTempSubdirectory("postgres-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "password"), server.Password, cancel);
        string[] command =
        [
            "/bin/sh",
            "-c",
            Script,
            "sh",
            FindFolder()!,
            folder,
            Superuser,
            server.Port.ToString(CultureInfo.InvariantCulture),
        ];
        if (!IsRoot)
        {
            return (command, folder);
        }

        // The system's own user for it, as PostgreSQL refuses to be root.
        using var change = Process.Start(new ProcessStartInfo("chown", ["-R", "postgres:", folder]))!;
        await change.WaitForExitAsync(cancel);
        return (["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", .. command], folder);
    }

    private static string? FindFolder() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(
                Directory.Exists(PackagedVersions)
                    ? Directory
                        .GetDirectories(PackagedVersions)
                        .OrderDescending(StringComparer.Ordinal)
                        .Select(static version => Path.Combine(version, "bin"))
                    : []
            )
            .FirstOrDefault(static folder =>
                File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres"))
            );
}
