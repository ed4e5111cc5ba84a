using AspireGateway.IdentityProvider.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;

namespace AspireGateway.IdentityProvider.Registration;

/// <summary>The clients that registered themselves. Their number is bounded: the oldest makes room for the newest.</summary>
internal sealed class RegisteredClients(
    IdentityProviderDbContext database,
    IOpenIddictApplicationManager applications,
    IOptions<IdentityProviderOptions> options,
    TimeProvider time,
    ILogger<RegisteredClients> logger
)
{
    public Task<ClientRegistration?> FindAsync(string clientId, CancellationToken cancellationToken) =>
        database.Registrations.SingleOrDefaultAsync(row => row.ClientId == clientId, cancellationToken);

    public async Task AddAsync(
        OpenIddictApplicationDescriptor client,
        bool fromDocument,
        CancellationToken cancellationToken
    )
    {
        await MakeRoomAsync(cancellationToken);
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        await applications.CreateAsync(client, cancellationToken);
        database.Registrations.Add(
            new ClientRegistration
            {
                ClientId = client.ClientId!,
                RegisteredAt = now,
                DocumentReadAt = fromDocument ? now : null,
            }
        );
        await database.SaveChangesAsync(cancellationToken);
        logger.ClientRegistered(client.ClientId!, client.DisplayName ?? "");
    }

    public async Task UpdateAsync(
        ClientRegistration registration,
        OpenIddictApplicationDescriptor client,
        CancellationToken cancellationToken
    )
    {
        if (await applications.FindByClientIdAsync(registration.ClientId, cancellationToken) is { } known)
        {
            await applications.UpdateAsync(known, client, cancellationToken);
        }

        registration.DocumentReadAt = time.GetUtcNow().ToUnixTimeSeconds();
        await database.SaveChangesAsync(cancellationToken);
    }

    private async Task MakeRoomAsync(CancellationToken cancellationToken)
    {
        var limit = options.Value.MaxRegisteredClients;
        var excess = await database.Registrations.CountAsync(cancellationToken) - limit + 1;
        if (excess <= 0)
        {
            return;
        }

        var oldest = await database
            .Registrations.OrderBy(static row => row.RegisteredAt)
            .Take(excess)
            .ToListAsync(cancellationToken);
        foreach (var registration in oldest)
        {
            // Takes the client's grants and tokens along.
            if (await applications.FindByClientIdAsync(registration.ClientId, cancellationToken) is { } client)
            {
                await applications.DeleteAsync(client, cancellationToken);
            }

            database.Registrations.Remove(registration);
            await database.SaveChangesAsync(cancellationToken);
            logger.ClientForgotten(registration.ClientId, limit);
        }
    }
}
