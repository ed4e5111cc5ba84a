using AspireGateway.Gateway.Vault.Changes;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Vault.Grants;

/// <summary>The vault: database, leases and memory. Whatever this replica writes is forgotten in memory at once, even when the write failed half-way.</summary>
internal sealed class GrantVault : IGrantVault, IDisposable
{
    private readonly GrantStore _store;
    private readonly GrantLeases _leases;
    private readonly ChangeFeed _feed;
    private readonly UsageWriter _usage;
    private readonly GrantCache _cache;
    private readonly IDisposable _subscription;

    public GrantVault(
        GrantStore store,
        GrantLeases leases,
        ChangeFeed feed,
        UsageWriter usage,
        IOptions<VaultOptions> options
    )
    {
        _store = store;
        _leases = leases;
        _feed = feed;
        _usage = usage;
        _cache = new GrantCache(options.Value.CacheSize);
        _subscription = feed.Subscribe(GrantStore.Topic, OnChange);
    }

    public ValueTask<Grant?> FindAsync(UserId user, TargetName target, CancellationToken cancel)
    {
        if (!_feed.IsCurrent || !_cache.TryGet(user, target, out var grant))
        {
            return new ValueTask<Grant?>(ReadAndKeepAsync(user, target, cancel));
        }

        VaultSpans.FromMemory(target, grant);
        return new ValueTask<Grant?>(grant);
    }

    public Task<Grant?> ReadAsync(UserId user, TargetName target, CancellationToken cancel) =>
        VaultSpans.ReadAsync(target, () => _store.ReadAsync(user, target, cancel));

    public async Task<Grant> PutAsync(
        Guid id,
        GrantBinding binding,
        GrantTokens tokens,
        string? account,
        CancellationToken cancel
    )
    {
        try
        {
            return await VaultSpans.WriteAsync(
                binding.Target,
                "put",
                () => _store.PutAsync(id, binding, tokens, account, cancel)
            );
        }
        finally
        {
            _cache.Forget(binding.User, binding.Target);
        }
    }

    public Task<RefreshLease?> TryLeaseAsync(Grant grant, TimeSpan duration, CancellationToken cancel) =>
        _leases.TryLeaseAsync(grant, duration, cancel);

    public async Task<Grant?> CompleteRefreshAsync(RefreshLease lease, GrantTokens tokens, CancellationToken cancel)
    {
        try
        {
            return await VaultSpans.WriteAsync(
                lease.Grant.Binding.Target,
                "refresh",
                () => _leases.CompleteAsync(lease, tokens, cancel)
            );
        }
        finally
        {
            Forget(lease);
        }
    }

    public async Task PostponeRefreshAsync(RefreshLease lease, DateTimeOffset notBefore, CancellationToken cancel)
    {
        try
        {
            await _leases.PostponeAsync(lease, notBefore, cancel);
        }
        finally
        {
            Forget(lease);
        }
    }

    public async Task<bool> EndAsync(RefreshLease lease, CancellationToken cancel)
    {
        try
        {
            return await VaultSpans.WriteAsync(
                lease.Grant.Binding.Target,
                "end",
                () => _leases.EndAsync(lease, cancel)
            );
        }
        finally
        {
            Forget(lease);
        }
    }

    public async Task<Grant?> RemoveAsync(UserId user, TargetName target, CancellationToken cancel)
    {
        try
        {
            return await VaultSpans.WriteAsync(target, "remove", () => _store.RemoveAsync(user, target, cancel));
        }
        finally
        {
            _cache.Forget(user, target);
        }
    }

    public Task<IReadOnlyList<Grant>> ListAsync(UserId user, CancellationToken cancel)
    {
        var (issuer, subject) = user;
        return _store.ListAsync(row => row.Issuer == issuer && row.Subject == subject, cancel);
    }

    public Task<IReadOnlyList<Grant>> ListAsync(TargetName target, CancellationToken cancel)
    {
        var name = target.Value;
        return _store.ListAsync(row => row.Target == name, cancel);
    }

    public void MarkUsed(Grant grant) => _usage.Add(grant.Id);

    public void Dispose() => _subscription.Dispose();

    private async Task<Grant?> ReadAndKeepAsync(UserId user, TargetName target, CancellationToken cancel)
    {
        var begun = _cache.Begin(user, target);
        var grant = await ReadAsync(user, target, cancel);
        _cache.Keep(user, target, grant, begun);
        return grant;
    }

    private void Forget(RefreshLease lease) => _cache.Forget(lease.Grant.Binding.User, lease.Grant.Binding.Target);

    private void OnChange(string subject)
    {
        if (GrantSubject.TryParse(subject, out var user, out var target))
        {
            _cache.Forget(user.Value, target);
        }
        else
        {
            _cache.ForgetAll();
        }
    }
}
