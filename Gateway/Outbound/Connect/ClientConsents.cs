using System.Collections.Concurrent;
using System.Text;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Outbound.Connect;

/// <summary>
/// Which agents a person lets use a grant. Another agent of the same person asks again, so that an agent which the person never
/// heard of cannot use what was allowed to another (consent of the confused deputy).
/// </summary>
/// <remarks>
/// A positive answer is remembered until the person withdraws one, here or at another replica. A new consent, or a disconnection,
/// makes a grant with another id.
/// </remarks>
internal sealed class ClientConsents : IDisposable
{
    private const string Kind = "client-consent";
    private const string WithdrawnTopic = "client-consent-withdrawn";
    private const int MaxRemembered = 100_000;

    private readonly IRecordStore _records;
    private readonly IChangeFeed _feed;
    private readonly IDisposable _subscription;
    private readonly ConcurrentDictionary<(Guid Grant, string Client), bool> _allowed = new();

    // Guards remembering against forgetting: what was read before a withdrawal must not be remembered after it.
    private readonly Lock _lock = new();
    private long _epoch;

    public ClientConsents(IRecordStore records, IChangeFeed feed)
    {
        _records = records;
        _feed = feed;
        _subscription = feed.Subscribe(WithdrawnTopic, _ => ForgetAll());
    }

    public ValueTask<bool> IsAllowedAsync(Grant grant, string client, CancellationToken cancel) =>
        _allowed.ContainsKey((grant.Id, client))
            ? ValueTask.FromResult(true)
            : new ValueTask<bool>(ReadAsync(grant, client, cancel));

    public async Task AllowAsync(Guid grant, string client, CancellationToken cancel)
    {
        var value = Encoding.UTF8.GetBytes(client);
        await _records.TryAddAsync(Kind, Key(grant, client), Group(grant), value, expiresAt: null, cancel);
    }

    /// <summary>Takes an agent's permission back; it asks again within a second, at every replica.</summary>
    /// <returns>False when it had none.</returns>
    public async Task<bool> WithdrawAsync(Guid grant, string client, CancellationToken cancel)
    {
        var withdrawn = await _records.RemoveAsync(Kind, Key(grant, client), cancel);
        // Told in any case: the one who removed it may have been stopped before telling.
        await _feed.PublishAsync(WithdrawnTopic, grant.ToString("N"), CancellationToken.None);
        return withdrawn;
    }

    /// <summary>The agents that may use a grant.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(Guid grant, CancellationToken cancel) =>
        [
            .. (await _records.ListAsync(Kind, Group(grant), cancel)).Select(static record =>
                Encoding.UTF8.GetString(record.Value.Span)
            ),
        ];

    /// <summary>Forgets all of a grant that is gone.</summary>
    public async Task ForgetAsync(Guid grant, CancellationToken cancel)
    {
        foreach (var record in await _records.ListAsync(Kind, Group(grant), cancel))
        {
            await _records.RemoveAsync(record, cancel);
        }
    }

    public void Dispose() => _subscription.Dispose();

    private async Task<bool> ReadAsync(Grant grant, string client, CancellationToken cancel)
    {
        var begun = Volatile.Read(ref _epoch);
        if (await _records.FindAsync(Kind, Key(grant.Id, client), cancel) is null)
        {
            return false;
        }

        Remember(grant, client, begun);
        return true;
    }

    private void Remember(Grant grant, string client, long begun)
    {
        lock (_lock)
        {
            if (begun != _epoch)
            {
                return;
            }

            if (_allowed.Count >= MaxRemembered)
            {
                _allowed.Clear();
            }

            _allowed[(grant.Id, client)] = true;
        }
    }

    // All of them: withdrawals are rare, and what is forgotten is read again.
    private void ForgetAll()
    {
        lock (_lock)
        {
            _epoch++;
            _allowed.Clear();
        }
    }

    private static string Key(Guid grant, string client) => $"{grant:N} {client}";

    private static string Group(Guid grant) => grant.ToString("N");
}
