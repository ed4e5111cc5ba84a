using AspireGateway.TestKit;

namespace AspireGateway.Gateway.Tests.Vault.Hosting;

/// <summary>A database for vaults, empty at first, that several of them can share.</summary>
internal sealed class VaultStorage : IAsyncDisposable
{
    private readonly PostgreSql? _server;

    private VaultStorage(PostgreSql? server, string? connectionString)
    {
        _server = server;
        ConnectionString = connectionString;
    }

    /// <summary>Folder of the SQLite database, and of the development key.</summary>
    public string Folder { get; } = NewFolder();

    /// <summary>Null for SQLite.</summary>
    public string? ConnectionString { get; }

    public static VaultStorage Sqlite() => new(server: null, connectionString: null);

    public static async Task<VaultStorage> PostgresAsync(PostgreSql server) =>
        new(server, await server.CreateDatabaseAsync(TestContext.Current.CancellationToken));

    // In memory where that is possible: a vault waits for the disk at each commit.
    private static string NewFolder() =>
        Directory.Exists("/dev/shm")
            ? Directory.CreateDirectory($"/dev/shm/vault-tests-{Guid.NewGuid():N}").FullName
            : Directory.CreateTempSubdirectory("vault-tests-").FullName;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DropDatabaseAsync(ConnectionString!, CancellationToken.None);
        }

        Directory.Delete(Folder, recursive: true);
    }
}
