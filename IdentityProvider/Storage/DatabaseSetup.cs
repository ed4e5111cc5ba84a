using AspireGateway.IdentityProvider.Protocol;
using AspireGateway.IdentityProvider.Realms;
using OpenIddict.Abstractions;

namespace AspireGateway.IdentityProvider.Storage;

/// <summary>
/// Creates the database and brings the realm's own clients up to date, before the first request that needs them. Not at
/// start: it is three quarters of the work of starting, and a realm that nobody asks does not have to do it.
/// </summary>
internal sealed class DatabaseSetup(
    IServiceScopeFactory scopes,
    Realm realm,
    TimeProvider time,
    ILogger<DatabaseSetup> logger
)
{
    private static readonly TimeSpan KeepDeadTokens = TimeSpan.FromDays(14);

    private readonly Lock _lock = new();
    private Task? _ready;

    /// <summary>Done when the database can be used. All callers share one setup; after a failure the next one tries again.</summary>
    public Task ReadyAsync()
    {
        // Checked without the lock first, since every request comes by here.
        if (_ready is { IsCompletedSuccessfully: true } done)
        {
            return done;
        }

        lock (_lock)
        {
            return _ready is { IsFaulted: false } running ? running : _ready = Task.Run(SetUpAsync);
        }
    }

    private async Task SetUpAsync()
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var services = scope.ServiceProvider;
            await services.GetRequiredService<IdentityProviderDbContext>().Database.EnsureCreatedAsync();

            var applications = services.GetRequiredService<IOpenIddictApplicationManager>();
            foreach (var client in realm.Clients)
            {
                await SeedAsync(applications, client);
            }

            var threshold = time.GetUtcNow() - KeepDeadTokens;
            await services.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(threshold);
            await services.GetRequiredService<IOpenIddictAuthorizationManager>().PruneAsync(threshold);
        }
        catch (Exception exception)
        {
            logger.DatabaseFailed(exception);
            throw;
        }
    }

    private static async Task SeedAsync(IOpenIddictApplicationManager applications, RealmClient client)
    {
        var description = ClientDescriptions.Describe(client);
        if (await applications.FindByClientIdAsync(client.ClientId) is { } known)
        {
            await applications.UpdateAsync(known, description);
        }
        else
        {
            await applications.CreateAsync(description);
        }
    }
}
