using AspireGateway.IdentityProvider.Realms;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.IdentityProvider.Storage;

internal static class StorageExtensions
{
    /// <summary>The schema's version is part of the name: after a change a new file is started, since nothing here is worth a migration.</summary>
    private const string DatabaseFile = "identity-1.db";

    public static void AddStorage(this IServiceCollection services, IdentityProviderOptions options, DataFolder? folder)
    {
        var dataProtection = services
            .AddDataProtection()
            .SetApplicationName($"AspireGateway.IdentityProvider.{options.Realm}");
        if (folder is null)
        {
            dataProtection.UseEphemeralDataProtectionProvider();
        }
        else
        {
            dataProtection.PersistKeysToFileSystem(new DirectoryInfo(folder.Combine("cookie-keys")));
        }

        var connectionString = folder is null ? InMemory(services) : OnDisk(folder);
        services.AddDbContext<IdentityProviderDbContext>(database => database.UseSqlite(connectionString));
        services.AddSingleton<DatabaseSetup>();
    }

    /// <summary>Lets requests wait for the database, but for those that need none: metadata, keys, health.</summary>
    public static void UseDatabase(this WebApplication app, RealmPaths paths)
    {
        var setup = app.Services.GetRequiredService<DatabaseSetup>();
        app.Use(
            async (http, next) =>
            {
                if (paths.NeedsDatabase(http.Request.Path))
                {
                    await setup.ReadyAsync().WaitAsync(http.RequestAborted);
                }
                else if (paths.IsMetadata(http.Request.Path))
                {
                    // Whoever reads the metadata comes back soon; a failure is logged, and shows at that request.
                    _ = setup.ReadyAsync();
                }

                await next(http);
            }
        );
    }

    private static string OnDisk(DataFolder folder) =>
        new SqliteConnectionStringBuilder { DataSource = folder.Touch(DatabaseFile) }.ToString();

    private static string InMemory(IServiceCollection services)
    {
        var connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = $"identity-{Guid.NewGuid():N}",
            Mode = SqliteOpenMode.Memory,
            Cache = SqliteCacheMode.Shared,
        }.ToString();

        // A shared in-memory database lives as long as one connection to it is open.
        services.AddSingleton(new KeepAlive(connectionString));
        return connectionString;
    }

    internal sealed class KeepAlive : IDisposable
    {
        private readonly SqliteConnection _connection;

        public KeepAlive(string connectionString)
        {
            _connection = new SqliteConnection(connectionString);
            _connection.Open();
        }

        public void Dispose() => _connection.Dispose();
    }
}
