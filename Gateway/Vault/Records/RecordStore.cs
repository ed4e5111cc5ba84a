using AspireGateway.Gateway.Vault.Storage;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Gateway.Vault.Records;

internal sealed class RecordStore(VaultAccess access, RecordRows rows, TimeProvider time) : IRecordStore
{
    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task<bool> TryAddAsync(
        string kind,
        string key,
        string? group,
        ReadOnlyMemory<byte> value,
        DateTimeOffset? expiresAt,
        CancellationToken cancel
    )
    {
        await access.OpenedAsync(cancel);
        var now = Now;
        var row = rows.New(
            kind,
            access.Lookup.Key(kind, key),
            group is null ? null : access.Lookup.Group(kind, group),
            value.Span,
            expiresAt?.ToUnixTimeMilliseconds(),
            now
        );

        // An expired one makes room, and gets a new number: what was read of it can do nothing to its successor.
        await access.WriteAsync(
            context =>
                context
                    .Records.Where(other =>
                        other.Kind == kind && other.KeyHash == row.KeyHash && other.ExpiresAt <= now
                    )
                    .ExecuteDeleteAsync(cancel),
            cancel
        );
        var added = await access.WriteAsync(
            context =>
                context.Database.ExecuteSqlAsync(
                    $"""
                    INSERT INTO records (kind, key_hash, group_hash, version, expires_at, created_at, key_id, wrapped_key, content)
                    VALUES ({row.Kind}, {row.KeyHash}, {row.GroupHash}, {row.Version}, {row.ExpiresAt}, {row.CreatedAt},
                        {row.KeyId}, {row.WrappedKey}, {row.Content})
                    ON CONFLICT (kind, key_hash) DO NOTHING
                    """,
                    cancel
                ),
            cancel
        );
        return added > 0;
    }

    public async Task<StoredRecord?> FindAsync(string kind, string key, CancellationToken cancel) =>
        await ReadAsync(kind, key, cancel) is { } row ? rows.Open(row) : null;

    public async Task<StoredRecord?> TakeAsync(string kind, string key, CancellationToken cancel)
    {
        while (await ReadAsync(kind, key, cancel) is { } row)
        {
            // Opened first: a record that cannot be opened is not used up.
            var record = rows.Open(row);
            if (await RemoveAsync(record, cancel))
            {
                return record;
            }
        }

        return null;
    }

    public async Task<StoredRecord?> TryUpdateAsync(
        StoredRecord record,
        ReadOnlyMemory<byte> value,
        DateTimeOffset? expiresAt,
        CancellationToken cancel
    )
    {
        var row = await access.ReadAsync(
            context =>
                context
                    .Records.AsNoTracking()
                    .SingleOrDefaultAsync(row => row.Id == record.Id && row.Version == record.Version, cancel),
            cancel
        );
        if (row is null || row.ExpiresAt <= Now)
        {
            return null;
        }

        rows.Seal(row, value.Span, record.Version + 1, expiresAt?.ToUnixTimeMilliseconds());
        var updated = await access.WriteAsync(
            context =>
                context
                    .Records.Where(other => other.Id == record.Id && other.Version == record.Version)
                    .ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(static other => other.Version, row.Version)
                                .SetProperty(static other => other.ExpiresAt, row.ExpiresAt)
                                .SetProperty(static other => other.KeyId, row.KeyId)
                                .SetProperty(static other => other.WrappedKey, row.WrappedKey)
                                .SetProperty(static other => other.Content, row.Content),
                        cancel
                    ),
            cancel
        );
        return updated > 0 ? rows.Open(row) : null;
    }

    public async Task<bool> RemoveAsync(string kind, string key, CancellationToken cancel)
    {
        await access.OpenedAsync(cancel);
        var hash = access.Lookup.Key(kind, key);
        var now = Now;
        return await access.WriteAsync(
                context =>
                    context
                        .Records.Where(row => row.Kind == kind && row.KeyHash == hash)
                        .Where(row => row.ExpiresAt == null || row.ExpiresAt > now)
                        .ExecuteDeleteAsync(cancel),
                cancel
            ) > 0;
    }

    public async Task<IReadOnlyList<StoredRecord>> ListAsync(string kind, string? group, CancellationToken cancel)
    {
        await access.OpenedAsync(cancel);
        var hash = group is null ? null : access.Lookup.Group(kind, group);
        var now = Now;
        var found = await access.ReadAsync(
            context =>
                context
                    .Records.AsNoTracking()
                    .Where(row => row.Kind == kind && (row.ExpiresAt == null || row.ExpiresAt > now))
                    .Where(row => hash == null || row.GroupHash == hash)
                    .OrderBy(static row => row.Id)
                    .ToListAsync(cancel),
            cancel
        );
        return [.. found.Select(rows.Open)];
    }

    public async Task<bool> RemoveAsync(StoredRecord record, CancellationToken cancel) =>
        await access.WriteAsync(
            context =>
                context
                    .Records.Where(row => row.Id == record.Id && row.Version == record.Version)
                    .ExecuteDeleteAsync(cancel),
            cancel
        ) > 0;

    private async Task<RecordRow?> ReadAsync(string kind, string key, CancellationToken cancel)
    {
        await access.OpenedAsync(cancel);
        var hash = access.Lookup.Key(kind, key);
        var now = Now;
        return await access.ReadAsync(
            context =>
                context
                    .Records.AsNoTracking()
                    .SingleOrDefaultAsync(
                        row =>
                            row.Kind == kind && row.KeyHash == hash && (row.ExpiresAt == null || row.ExpiresAt > now),
                        cancel
                    ),
            cancel
        );
    }
}
