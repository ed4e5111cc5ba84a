using AspireGateway.Gateway.Vault.Storage;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Gateway.Vault.Grants;

/// <summary>Grants in the database. Every write names what it expects to find, and counts the rows that it hit.</summary>
internal sealed class GrantStore(VaultAccess access, GrantRows rows, TimeProvider time)
{
    /// <summary>Topic of the change feed.</summary>
    public const string Topic = "grants";

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task<Grant?> ReadAsync(UserId user, TargetName target, CancellationToken cancel)
    {
        var row = await access.ReadAsync(
            context => context.Grants.AsNoTracking().SingleOrDefaultAsync(Is(user, target), cancel),
            cancel
        );
        return row is null ? null : rows.Open(row);
    }

    public async Task<IReadOnlyList<Grant>> ListAsync(
        System.Linq.Expressions.Expression<Func<GrantRow, bool>> which,
        CancellationToken cancel
    )
    {
        var found = await access.ReadAsync(
            context => context.Grants.AsNoTracking().Where(which).ToListAsync(cancel),
            cancel
        );
        return
        [
            .. found
                .OrderBy(static row => row.Target, StringComparer.Ordinal)
                .ThenBy(static row => row.Issuer, StringComparer.Ordinal)
                .ThenBy(static row => row.Subject, StringComparer.Ordinal)
                .Select(rows.Open),
        ];
    }

    /// <summary>Adds the grant or puts it in the place of what is there. The fencing token grows, so that a refresh of the old one ends in nothing.</summary>
    public async Task<Grant> PutAsync(
        Guid id,
        GrantBinding binding,
        GrantTokens tokens,
        string? account,
        CancellationToken cancel
    )
    {
        await access.OpenedAsync(cancel);
        var row = rows.New(id, binding, tokens, account, Now);
        await access.ChangeAsync(
            context =>
                context.Database.ExecuteSqlAsync(
                    $"""
                    INSERT INTO grants (issuer, subject, target, authorization_server, resource, client_id, grant_id, generation,
                        state, key_id, wrapped_key, content, fencing, lease_until, failures, created_at)
                    VALUES ({row.Issuer}, {row.Subject}, {row.Target}, {row.AuthorizationServer}, {row.Resource}, {row.ClientId},
                        {row.GrantId}, {row.Generation}, {(int)
                        row.State}, {row.KeyId}, {row.WrappedKey}, {row.Content}, 1, 0, 0,
                        {row.CreatedAt})
                    ON CONFLICT (issuer, subject, target) DO UPDATE SET
                        authorization_server = excluded.authorization_server, resource = excluded.resource,
                        client_id = excluded.client_id, grant_id = excluded.grant_id, generation = excluded.generation,
                        state = excluded.state, key_id = excluded.key_id, wrapped_key = excluded.wrapped_key,
                        content = excluded.content, fencing = grants.fencing + 1, lease_holder = NULL, lease_until = 0,
                        not_before = NULL, failures = 0, created_at = excluded.created_at, refreshed_at = NULL, used_at = NULL
                    """,
                    cancel
                ),
            Topic,
            GrantSubject.Of(binding.User, binding.Target),
            cancel
        );
        return rows.Open(row);
    }

    /// <summary>Removes the grant that is there now, and returns it.</summary>
    public async Task<Grant?> RemoveAsync(UserId user, TargetName target, CancellationToken cancel)
    {
        while (await ReadAsync(user, target, cancel) is { } grant)
        {
            // Refreshed meanwhile: then the newer tokens are what the caller has to revoke.
            if (
                await access.ChangeAsync(
                    context =>
                        context
                            .Grants.Where(Is(user, target))
                            .Where(row => row.GrantId == grant.Id && row.Generation == grant.Generation)
                            .ExecuteDeleteAsync(cancel),
                    Topic,
                    GrantSubject.Of(user, target),
                    cancel
                )
            )
            {
                await PurgeAsync();
                return grant;
            }
        }

        return null;
    }

    // The grant is gone whether this succeeds or not, and the cleaner does it again.
    private async Task PurgeAsync()
    {
        try
        {
            await access.PurgeAsync(CancellationToken.None);
        }
        catch (VaultUnavailableException) { }
    }

    /// <summary>Writes when grants were last used; never backwards.</summary>
    public Task<int> MarkUsedAsync(IReadOnlyCollection<Guid> grants, CancellationToken cancel)
    {
        var now = Now;
        return access.WriteAsync(
            context =>
                context
                    .Grants.Where(row => grants.Contains(row.GrantId) && (row.UsedAt == null || row.UsedAt < now))
                    .ExecuteUpdateAsync(set => set.SetProperty(static row => row.UsedAt, now), cancel),
            cancel
        );
    }

    private static System.Linq.Expressions.Expression<Func<GrantRow, bool>> Is(UserId user, TargetName target)
    {
        var (issuer, subject, name) = (user.Issuer, user.Subject, target.Value);
        return row => row.Issuer == issuer && row.Subject == subject && row.Target == name;
    }
}
