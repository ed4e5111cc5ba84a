using System.Text;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Outbound.Connect;

/// <summary>
/// Scopes that a third party was asked for and did not give. For a while the person is not asked for them again: every call would
/// otherwise send them through the same pages, to the same end.
/// </summary>
internal sealed class WithheldScopes(IRecordStore records, TimeProvider time)
{
    private const string Kind = "withheld-scopes";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Remembers what is missing in the answer to a consent.</summary>
    public async Task RememberAsync(Guid grant, ScopeSet requested, ScopeSet granted, CancellationToken cancel)
    {
        if (!granted.ContainsAll(requested))
        {
            var value = Encoding.UTF8.GetBytes(requested.ToString());
            await records.TryAddAsync(
                Kind,
                grant.ToString("N"),
                group: null,
                value,
                time.GetUtcNow() + Lifetime,
                cancel
            );
        }
    }

    /// <summary>Whether these were asked for with the grant's own consent a moment ago.</summary>
    public async Task<bool> ContainAsync(Guid grant, ScopeSet needed, CancellationToken cancel) =>
        await records.FindAsync(Kind, grant.ToString("N"), cancel) is { } record
        && ScopeSet.Parse(Encoding.UTF8.GetString(record.Value.Span)).ContainsAll(needed);
}
