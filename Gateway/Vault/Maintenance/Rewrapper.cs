using AspireGateway.Gateway.Vault.Keys;
using AspireGateway.Gateway.Vault.Sealing;
using AspireGateway.Gateway.Vault.Storage;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Gateway.Vault.Maintenance;

/// <summary>
/// Wraps rows with the active key, a batch at a time. Each row is one update that names the wrapped key which it replaces: a
/// row that somebody writes meanwhile stays as that writer leaves it, and a process that dies leaves whole rows only.
/// </summary>
internal sealed class Rewrapper(VaultAccess access, Envelope envelope, KeyRings rings, ILogger<Rewrapper> logger)
{
    private const int BatchSize = 200;

    public async Task<(long Rewrapped, long Unreadable)> RewrapAsync<T>(string table, CancellationToken cancel)
        where T : SealedRow
    {
        var (rewrapped, unreadable, last) = (0L, 0L, 0L);
        while (await ReadAsync<T>(last, cancel) is { Count: > 0 } batch)
        {
            foreach (var row in batch)
            {
                cancel.ThrowIfCancellationRequested();
                try
                {
                    rewrapped += await WriteAsync<T>(row, envelope.Rewrap(row.Sealed), cancel);
                }
                catch (UnsealException exception)
                {
                    unreadable++;
                    logger.RowUnreadable(table, row.Id, exception.Message);
                }
            }

            last = batch[^1].Id;
        }

        return (rewrapped, unreadable);
    }

    private Task<List<T>> ReadAsync<T>(long last, CancellationToken cancel)
        where T : SealedRow
    {
        var active = rings.Current.Active.Id;
        return access.ReadAsync(
            context =>
                context
                    .Set<T>()
                    .AsNoTracking()
                    .Where(row => row.Id > last && row.KeyId != active)
                    .OrderBy(static row => row.Id)
                    .Take(BatchSize)
                    .ToListAsync(cancel),
            cancel
        );
    }

    private Task<int> WriteAsync<T>(T row, SealedValue value, CancellationToken cancel)
        where T : SealedRow =>
        access.WriteAsync(
            context =>
                context
                    .Set<T>()
                    .Where(other => other.Id == row.Id && other.WrappedKey == row.WrappedKey)
                    .ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(static other => other.KeyId, value.KeyId)
                                .SetProperty(static other => other.WrappedKey, value.WrappedKey),
                        cancel
                    ),
            cancel
        );
}
