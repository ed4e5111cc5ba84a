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
        // What every start but the first finds.
        if (await IsUpToDateAsync(cancel) && await ReadLookupSecretAsync(cancel) is { } secret)
        {
            CheckKeys();
            return new LookupHash(envelope.Open(secret, LookupBinding()));
        }

        await using var tables = await database.LockTablesAsync(cancel);
        await database.PrepareAsync(cancel);
        await using var context = database.CreateContext();
        await context.Database.MigrateAsync(cancel);
        CheckKeys();
        return await ReadLookupSecretAsync(cancel) is { } existing
            ? new LookupHash(envelope.Open(existing, LookupBinding()))
            : new LookupHash(await CreateLookupSecretAsync(context, cancel));
    }

    private async Task<bool> IsUpToDateAsync(CancellationToken cancel)
    {
        var applied = await database.QueryAtStartAsync(
            $"""SELECT "MigrationId" FROM {VaultContext.HistoryTable} ORDER BY "MigrationId" DESC LIMIT 1""",
            static reader => reader.GetString(0),
            cancel
        );

        // A later version may have been here, whose migrations only add.
        return applied.Count > 0 && string.CompareOrdinal(applied[0], database.LatestMigration) >= 0;
    }

    // Rows that need a key which is not there keep the vault shut. A new key is made for a database without rows only.
    private void CheckKeys()
    {
        var needed = database.ReadKeyIds();
        rings.ReadDevelopmentKey();
        if (needed.Count == 0)
        {
            rings.EnsureKey();
        }
        else if (needed.Except(rings.Ids, StringComparer.Ordinal).ToList() is { Count: > 0 } missing)
        {
            throw new VaultUnavailableException(KeyRingValidator.Missing(database.Location, missing));
        }
    }

    private static byte[] LookupBinding() => new BindingWriter("secret/v1").Add(LookupSecret).ToArray();

    private async Task<SealedValue?> ReadLookupSecretAsync(CancellationToken cancel)
    {
        var found = await database.QueryAtStartAsync<SealedValue?>(
            "SELECT key_id, wrapped_key, content FROM secrets WHERE name = @name",
            static reader => new SealedValue(
                reader.GetString(0),
                reader.GetFieldValue<byte[]>(1),
                reader.GetFieldValue<byte[]>(2)
            ),
            cancel,
            ("name", LookupSecret)
        );
        return found.SingleOrDefault();
    }

    private async Task<byte[]> CreateLookupSecretAsync(VaultContext context, CancellationToken cancel)
    {
        var secret = RandomNumberGenerator.GetBytes(KeyMaterial.Size);
        var value = envelope.Seal(secret, LookupBinding());
        context.Secrets.Add(
            new SecretRow
            {
                Name = LookupSecret,
                KeyId = value.KeyId,
                WrappedKey = value.WrappedKey,
                Content = value.Content,
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
