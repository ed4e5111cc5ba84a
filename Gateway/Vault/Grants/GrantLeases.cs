using System.Linq.Expressions;
using AspireGateway.Gateway.Vault.Storage;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Gateway.Vault.Grants;

/// <summary>
/// The right to refresh: conditional updates, committed before the provider is asked, so that no transaction is open while
/// it answers. A lease that has expired but that nobody took since may still be completed: a rotated token is kept.
/// </summary>
internal sealed class GrantLeases(VaultAccess access, GrantRows rows, TimeProvider time)
{
    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task<RefreshLease?> TryLeaseAsync(Grant grant, TimeSpan duration, CancellationToken cancel)
    {
        var now = Now;
        var until = now + (long)duration.TotalMilliseconds;
        var holder = Guid.NewGuid();
        var taken = await access.WriteAsync(
            context =>
                context
                    .Grants.Where(row =>
                        row.GrantId == grant.Id
                        && row.Generation == grant.Generation
                        && row.State == GrantState.Active
                        && row.LeaseUntil <= now
                        && (row.NotBefore == null || row.NotBefore <= now)
                    )
                    .ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(static row => row.LeaseHolder, holder)
                                .SetProperty(static row => row.LeaseUntil, until)
                                .SetProperty(static row => row.Fencing, static row => row.Fencing + 1),
                        cancel
                    ),
            cancel
        );
        if (taken == 0)
        {
            return null;
        }

        var leased = await access.ReadAsync(
            context =>
                context
                    .Grants.AsNoTracking()
                    .SingleOrDefaultAsync(row => row.GrantId == grant.Id && row.LeaseHolder == holder, cancel),
            cancel
        );

        // Gone already when a consent or a disconnect came in between.
        return leased is null
            ? null
            : new RefreshLease(rows.Open(leased), leased.Fencing, DateTimeOffset.FromUnixTimeMilliseconds(until));
    }

    public async Task<Grant?> CompleteAsync(RefreshLease lease, GrantTokens tokens, CancellationToken cancel)
    {
        await access.OpenedAsync(cancel);
        var next = lease.Grant with
        {
            Generation = lease.Grant.Generation + 1,
            Tokens = tokens,
            LastRefreshedAt = DateTimeOffset.FromUnixTimeMilliseconds(Now),
            RefreshNotBefore = null,
            RefreshFailures = 0,
        };
        var value = rows.Seal(next);
        var refreshedAt = next.LastRefreshedAt?.ToUnixTimeMilliseconds();
        var written = await ChangeAsync(
            lease,
            set =>
                set.SetProperty(static row => row.Generation, next.Generation)
                    .SetProperty(static row => row.KeyId, value.KeyId)
                    .SetProperty(static row => row.WrappedKey, value.WrappedKey)
                    .SetProperty(static row => row.Content, value.Content)
                    .SetProperty(static row => row.RefreshedAt, refreshedAt)
                    .SetProperty(static row => row.NotBefore, (long?)null)
                    .SetProperty(static row => row.Failures, 0),
            cancel
        );
        return written ? next : null;
    }

    public Task PostponeAsync(RefreshLease lease, DateTimeOffset notBefore, CancellationToken cancel)
    {
        long? until = notBefore.ToUnixTimeMilliseconds();
        return ChangeAsync(
            lease,
            set =>
                set.SetProperty(static row => row.NotBefore, until)
                    .SetProperty(static row => row.Failures, static row => row.Failures + 1),
            cancel
        );
    }

    public async Task<bool> EndAsync(RefreshLease lease, CancellationToken cancel)
    {
        await access.OpenedAsync(cancel);
        var value = rows.Seal(lease.Grant with { State = GrantState.Ended, Tokens = null });
        return await ChangeAsync(
            lease,
            set =>
                set.SetProperty(static row => row.State, GrantState.Ended)
                    .SetProperty(static row => row.KeyId, value.KeyId)
                    .SetProperty(static row => row.WrappedKey, value.WrappedKey)
                    .SetProperty(static row => row.Content, value.Content),
            cancel
        );
    }

    // Every one of these writes gives the lease back, and hits nothing when the lease was lost.
    private Task<bool> ChangeAsync(
        RefreshLease lease,
        Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<GrantRow>> change,
        CancellationToken cancel
    )
    {
        Expression<Func<GrantRow, bool>> held = row =>
            row.GrantId == lease.Grant.Id
            && row.Generation == lease.Grant.Generation
            && row.State == GrantState.Active
            && row.Fencing == lease.FencingToken;
        return access.ChangeAsync(
            context =>
                context
                    .Grants.Where(held)
                    .ExecuteUpdateAsync(
                        set =>
                        {
                            change(set);
                            set.SetProperty(static row => row.LeaseHolder, (Guid?)null)
                                .SetProperty(static row => row.LeaseUntil, 0);

                            // A second answer under the same lease is refused like a lost one.
                            set.SetProperty(static row => row.Fencing, static row => row.Fencing + 1);
                        },
                        cancel
                    ),
            GrantStore.Topic,
            GrantSubject.Of(lease.Grant.Binding.User, lease.Grant.Binding.Target),
            cancel
        );
    }
}
