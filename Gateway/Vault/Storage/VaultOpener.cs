using System.Security.Cryptography;
using AspireGateway.Gateway.Vault.Keys;
using AspireGateway.Gateway.Vault.Sealing;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Gateway.Vault.Storage;

/// <summary>Creates or migrates the tables when the gateway starts, and tries again until it works.</summary>
internal sealed class VaultOpener(
    VaultDatabase database,
    VaultAccess access,
    VaultFolder folder,
    KeyRings rings,
    Envelope envelope,
    TimeProvider time,
    ILogger<VaultOpener> logger
) : BackgroundService
{
    private const string LookupSecret = "lookup";
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wait = FirstRetry;
        while (!await TryOpenAsync(stoppingToken))
        {
            await Task.Delay(wait, time, stoppingToken);
            wait = wait * 2 < LongestRetry ? wait * 2 : LongestRetry;
        }
    }

    private async Task<bool> TryOpenAsync(CancellationToken cancel)
    {
        try
        {
            var lookup = await OpenAsync(cancel);
            logger.VaultOpened(database.Location, KeysLocation(), rings.Current.Active.Id);
            access.Open(lookup);
            return true;
        }
        catch (Exception exception) when (DatabaseErrors.IsDatabaseError(exception))
        {
            Fail($"The vault's database ({database.Location}) cannot be opened: {DatabaseErrors.Describe(exception)}");
            database.ForgetConnections();
        }
        catch (Exception exception) when (exception is VaultUnavailableException or UnsealException)
        {
            Fail(exception.Message);
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            logger.OpeningFailed(exception);
            access.Fail("The vault cannot be opened; the log says why.");
        }

        return false;
    }

    private void Fail(string reason)
    {
        if (!string.Equals(reason, access.Failure, StringComparison.Ordinal))
        {
            logger.VaultNotOpened(reason);
        }

        access.Fail(reason);
    }

    private async Task<LookupHash> OpenAsync(CancellationToken cancel)
    {
        await using var tables = await database.LockTablesAsync(cancel);
        await database.PrepareAsync(cancel);
        await using var context = database.CreateContext();
        await context.Database.MigrateAsync(cancel);

        var needed = database.ReadKeyIds();
        if (needed.Count == 0)
        {
            rings.EnsureKey();
        }
        else if (needed.Except(rings.Ids, StringComparer.Ordinal).ToList() is { Count: > 0 } missing)
        {
            throw new VaultUnavailableException(KeyRingValidator.Missing(database.Location, missing));
        }

        return new LookupHash(await ReadOrCreateLookupSecretAsync(context, cancel));
    }

    private async Task<byte[]> ReadOrCreateLookupSecretAsync(VaultContext context, CancellationToken cancel)
    {
        var binding = new BindingWriter("secret/v1").Add(LookupSecret).ToArray();
        var row = await context
            .Secrets.AsNoTracking()
            .SingleOrDefaultAsync(static row => row.Name == LookupSecret, cancel);
        if (row is not null)
        {
            return envelope.Open(row.Sealed, binding);
        }

        var secret = RandomNumberGenerator.GetBytes(KeyMaterial.Size);
        var sealedSecret = envelope.Seal(secret, binding);
        context.Secrets.Add(
            new SecretRow
            {
                Name = LookupSecret,
                KeyId = sealedSecret.KeyId,
                WrappedKey = sealedSecret.WrappedKey,
                Content = sealedSecret.Content,
            }
        );
        await context.SaveChangesAsync(cancel);
        return secret;
    }

    private string KeysLocation() =>
        string.Equals(rings.Current.Active.Id, DevelopmentKeyId(), StringComparison.Ordinal)
            ? folder.KeyFile
            : "Gateway:Vault:Keys";

    private string? DevelopmentKeyId() => DevelopmentKey.TryRead(folder, out var key) ? key.Id : null;
}
