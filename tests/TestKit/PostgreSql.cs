using System.Diagnostics;
using System.Security.Cryptography;
using Npgsql;

namespace AspireGateway.TestKit;

/// <summary>A PostgreSQL server of its own in a temporary folder, on a free loopback port. It ends with the process that started it.</summary>
public sealed class PostgreSql : IAsyncDisposable
{
    private const string Superuser = "gateway";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Ends the server when standard input ends, which it does however the test run ends.
    private const string Supervisor = """
        "$1" -D "$2/data" -p "$3" -h 127.0.0.1 -k '' -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
            -c max_connections=200 >"$2/log" 2>&1 </dev/null &
        cat >/dev/null
        kill -INT $!
        wait $!
        rm -rf "$2"
        """;

    private readonly Process _server;
    private readonly string _folder;
    private readonly NpgsqlConnectionStringBuilder _connection;
    private int _databases;

    private PostgreSql(Process server, string folder, NpgsqlConnectionStringBuilder connection)
    {
        _server = server;
        _folder = folder;
        _connection = connection;
    }

    /// <summary>Why there can be no server on this machine; null when there can.</summary>
    public static string? Unavailable =>
        Environment.GetEnvironmentVariable("SKIP_POSTGRESQL") is not null ? "SKIP_POSTGRESQL is set"
        : OperatingSystem.IsWindows() ? "the helper needs a Unix shell"
        : Find("initdb") is null || Find("postgres") is null
            ? "initdb and postgres are neither on the path nor in /usr/lib/postgresql/*/bin"
        : IsRoot && !File.ReadAllText("/etc/passwd").Contains("\npostgres:", StringComparison.Ordinal)
            ? "PostgreSQL does not run as root, and there is no user 'postgres'"
        : null;

    private static bool IsRoot => string.Equals(Environment.UserName, "root", StringComparison.Ordinal);

    /// <summary>Initializes and starts a server.</summary>
    /// <param name="cancel">Stops waiting.</param>
    public static async Task<PostgreSql> StartAsync(CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("postgres-tests-").FullName;
        var password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var passwordFile = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(passwordFile, password, cancel);
        if (IsRoot)
        {
            await RunAsync(new ProcessStartInfo("chown", ["-R", "postgres", folder]), cancel);
        }

        var initialize = AsPlainUser(
            Find("initdb")!,
            ["-D", Path.Combine(folder, "data"), "-U", Superuser, "--pwfile", passwordFile, "-A", "scram-sha-256"],
            ["-E", "UTF8", "--locale=C", "--no-sync"]
        );
        await RunAsync(initialize, cancel);

        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = FreePort.Take(),
            Username = Superuser,
            Password = password,
            Database = "postgres",
        };
        var start = AsPlainUser("/bin/sh", ["-c", Supervisor, "sh"], [Find("postgres")!, folder, $"{connection.Port}"]);
        start.RedirectStandardInput = true;
        var server = new PostgreSql(Process.Start(start)!, folder, connection);
        await server.WaitAsync(cancel);
        return server;
    }

    /// <summary>Makes an empty database.</summary>
    /// <param name="cancel">Stops waiting.</param>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancel)
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"CREATE DATABASE {name}", cancel);
        return new NpgsqlConnectionStringBuilder(_connection.ToString()) { Database = name }.ToString();
    }

    /// <summary>Drops a database with all connections to it.</summary>
    /// <param name="connectionString">What <see cref="CreateDatabaseAsync"/> returned.</param>
    /// <param name="cancel">Stops waiting.</param>
    public Task DropDatabaseAsync(string connectionString, CancellationToken cancel)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        return ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)", cancel);
    }

    /// <summary>Makes a dropped database again, empty.</summary>
    /// <param name="connectionString">What <see cref="CreateDatabaseAsync"/> returned.</param>
    /// <param name="cancel">Stops waiting.</param>
    public Task RecreateDatabaseAsync(string connectionString, CancellationToken cancel) =>
        ExecuteAsync($"CREATE DATABASE {new NpgsqlConnectionStringBuilder(connectionString).Database}", cancel);

    /// <summary>Runs a statement as superuser in the database <c>postgres</c>.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task ExecuteAsync(string sql, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(_connection.ToString());
        await connection.OpenAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        _server.StandardInput.Close();
        await _server.WaitForExitAsync();
        _server.Dispose();
    }

    private async Task WaitAsync(CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await ExecuteAsync("SELECT 1", cancel);
                return;
            }
            catch (NpgsqlException exception)
            {
                if (Stopwatch.GetElapsedTime(started) > Patience)
                {
                    var log = await File.ReadAllTextAsync(Path.Combine(_folder, "log"), cancel);
                    await DisposeAsync();
                    throw new InvalidOperationException($"PostgreSQL did not start: {log}", exception);
                }

                await Task.Delay(20, cancel);
            }
        }
    }

    private static ProcessStartInfo AsPlainUser(string program, params string[][] arguments)
    {
        string[] all = [program, .. arguments.SelectMany(static part => part)];
        return IsRoot
            ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", .. all]) { WorkingDirectory = "/" }
            : new ProcessStartInfo(all[0], all[1..]) { WorkingDirectory = "/" };
    }

    private static async Task RunAsync(ProcessStartInfo start, CancellationToken cancel)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = await process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{start.FileName} failed: {await output}{errors}");
        }
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(
                Directory.Exists("/usr/lib/postgresql")
                    ? Directory
                        .GetDirectories("/usr/lib/postgresql")
                        .OrderDescending(StringComparer.Ordinal)
                        .Select(static version => Path.Combine(version, "bin"))
                    : []
            )
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
