using System.Text.Json;

namespace AspireGateway.Gateway.Vault;

/// <summary>Records of one kind as objects, kept as JSON.</summary>
internal sealed class JsonRecords<T>(IRecordStore records, string kind)
    where T : class
{
    /// <inheritdoc cref="IRecordStore.TryAddAsync" />
    public Task<bool> TryAddAsync(
        string key,
        string? group,
        T value,
        DateTimeOffset? expiresAt,
        CancellationToken cancel
    ) => records.TryAddAsync(kind, key, group, Write(value), expiresAt, cancel);

    /// <inheritdoc cref="IRecordStore.FindAsync" />
    public async Task<T?> FindAsync(string key, CancellationToken cancel) =>
        (await FindStoredAsync(key, cancel))?.Value;

    /// <summary>The same with its record, to be replaced or removed by.</summary>
    public async Task<Stored<T>?> FindStoredAsync(string key, CancellationToken cancel) =>
        await records.FindAsync(kind, key, cancel) is { } record ? Read(record) : null;

    /// <inheritdoc cref="IRecordStore.TakeAsync" />
    public async Task<T?> TakeAsync(string key, CancellationToken cancel) =>
        await records.TakeAsync(kind, key, cancel) is { } record ? Read(record).Value : null;

    /// <inheritdoc cref="IRecordStore.TryUpdateAsync" />
    public async Task<Stored<T>?> TryUpdateAsync(
        StoredRecord record,
        T value,
        DateTimeOffset? expiresAt,
        CancellationToken cancel
    ) =>
        await records.TryUpdateAsync(record, Write(value), expiresAt, cancel) is { } updated
            ? new Stored<T>(updated, value)
            : null;

    /// <summary>All of a group, oldest first.</summary>
    public async Task<IReadOnlyList<Stored<T>>> ListAsync(string group, CancellationToken cancel) =>
        [.. (await records.ListAsync(kind, group, cancel)).Select(Read)];

    /// <summary>Removes the one of this key; false when there was none.</summary>
    public Task<bool> RemoveAsync(string key, CancellationToken cancel) => records.RemoveAsync(kind, key, cancel);

    /// <inheritdoc cref="IRecordStore.RemoveAsync(StoredRecord, CancellationToken)" />
    public Task<bool> RemoveAsync(StoredRecord record, CancellationToken cancel) => records.RemoveAsync(record, cancel);

    private static byte[] Write(T value) => JsonSerializer.SerializeToUtf8Bytes(value);

    private static Stored<T> Read(StoredRecord record) =>
        new(record, JsonSerializer.Deserialize<T>(record.Value.Span)!);
}

/// <summary>An object as it was read.</summary>
internal sealed record Stored<T>(StoredRecord Record, T Value)
    where T : class;
