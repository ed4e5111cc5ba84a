using AspireGateway.Gateway.Vault.Keys;
using AspireGateway.Gateway.Vault.Storage;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Gateway.Vault.Maintenance;

internal sealed class VaultAdministration(
    VaultAccess access,
    VaultDatabase database,
    KeyRings rings,
    Rewrapper rewrapper,
    ILogger<VaultAdministration> logger
) : IVaultAdministration
{
    public async Task<VaultState> GetStateAsync(CancellationToken cancel)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        await CountAsync<GrantRow>(counts, cancel);
        await CountAsync<RecordRow>(counts, cancel);
        await CountAsync<SecretRow>(counts, cancel);

        var ring = rings.Current;
        var keys = ring
            .Ids.Union(counts.Keys, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(id => new KeyUsage(id, ring.TryGet(id, out _), counts.GetValueOrDefault(id)));
        return new VaultState(database.Location, ring.Active.Id, [.. keys]);
    }

    public async Task<RewrapReport> RewrapAsync(CancellationToken cancel)
    {
        var grants = await rewrapper.RewrapAsync<GrantRow>("grants", cancel);
        var records = await rewrapper.RewrapAsync<RecordRow>("records", cancel);
        var secrets = await rewrapper.RewrapAsync<SecretRow>("secrets", cancel);
        var report = new RewrapReport(
            grants.Rewrapped + records.Rewrapped + secrets.Rewrapped,
            grants.Unreadable + records.Unreadable + secrets.Unreadable,
            await GetStateAsync(cancel)
        );
        logger.Rewrapped(report.Rewrapped, report.State.ActiveKey, report.Unreadable);
        return report;
    }

    private async Task CountAsync<T>(Dictionary<string, long> counts, CancellationToken cancel)
        where T : SealedRow
    {
        var found = await access.ReadAsync(
            context =>
                context
                    .Set<T>()
                    .GroupBy(static row => row.KeyId)
                    .Select(static rows => new { rows.Key, Count = rows.LongCount() })
                    .ToListAsync(cancel),
            cancel
        );
        foreach (var group in found)
        {
            counts[group.Key] = counts.GetValueOrDefault(group.Key) + group.Count;
        }
    }
}
