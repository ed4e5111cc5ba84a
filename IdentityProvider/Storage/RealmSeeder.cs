using AspireGateway.IdentityProvider.Protocol;
using AspireGateway.IdentityProvider.Realms;
using OpenIddict.Abstractions;

namespace AspireGateway.IdentityProvider.Storage;

/// <summary>Creates the database and brings the realm's own clients up to date before the first request is answered.</summary>
internal sealed class RealmSeeder(IServiceScopeFactory scopes, Realm realm, TimeProvider time) : IHostedService
{
    private static readonly TimeSpan KeepDeadTokens = TimeSpan.FromDays(14);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<IdentityProviderDbContext>()
            .Database.EnsureCreatedAsync(cancellationToken);

        var applications = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        foreach (var client in realm.Clients)
        {
            await SeedAsync(applications, client, cancellationToken);
        }

        await PruneAsync(scope.ServiceProvider, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task SeedAsync(
        IOpenIddictApplicationManager applications,
        RealmClient client,
        CancellationToken cancellationToken
    )
    {
        var description = ClientDescriptions.Describe(client);
        if (await applications.FindByClientIdAsync(client.ClientId, cancellationToken) is { } known)
        {
            await applications.UpdateAsync(known, description, cancellationToken);
        }
        else
        {
            await applications.CreateAsync(description, cancellationToken);
        }
    }

    private async Task PruneAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var threshold = time.GetUtcNow() - KeepDeadTokens;
        await services.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(threshold, cancellationToken);
        await services.GetRequiredService<IOpenIddictAuthorizationManager>().PruneAsync(threshold, cancellationToken);
    }
}
