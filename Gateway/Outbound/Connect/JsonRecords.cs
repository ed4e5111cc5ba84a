using System.Text.Json;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Outbound.Connect;

/// <summary>Records of one kind as objects.</summary>
internal sealed class JsonRecords<T>(IRecordStore records, string kind)
    where T : class
{
    public Task<bool> TryAddAsync(
        string key,
        string? group,
        T value,
        DateTimeOffset expiresAt,
        CancellationToken cancel
    ) => records.TryAddAsync(kind, key, group, JsonSerializer.SerializeToUtf8Bytes(value), expiresAt, cancel);

    public async Task<T?> FindAsync(string key, CancellationToken cancel) =>
        Read(await records.FindAsync(kind, key, cancel));

    public async Task<T?> TakeAsync(string key, CancellationToken cancel) =>
        Read(await records.TakeAsync(kind, key, cancel));

    public async Task<IReadOnlyList<(StoredRecord Record, T Value)>> ListAsync(
        string group,
        CancellationToken cancel
    ) => [.. (await records.ListAsync(kind, group, cancel)).Select(static record => (record, Read(record)!))];

    public Task<bool> RemoveAsync(StoredRecord record, CancellationToken cancel) => records.RemoveAsync(record, cancel);

    private static T? Read(StoredRecord? record) =>
        record is null ? null : JsonSerializer.Deserialize<T>(record.Value.Span);
}
