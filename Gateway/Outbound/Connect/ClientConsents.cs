using System.Collections.Concurrent;
using System.Text;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Outbound.Connect;

/// <summary>
/// Which agents a person lets use a grant. Another agent of the same person asks again, so that an agent which the person never
/// heard of cannot use what was allowed to another (consent of the confused deputy).
/// </summary>
/// <remarks>A positive answer holds as long as the grant: a new consent, or a disconnection, makes a grant with another id.</remarks>
internal sealed class ClientConsents(IRecordStore records)
{
    private const string Kind = "client-consent";
    private const int MaxRemembered = 100_000;

    private readonly ConcurrentDictionary<(Guid Grant, string Client), bool> _allowed = new();

    public ValueTask<bool> IsAllowedAsync(Grant grant, string client, CancellationToken cancel) =>
        _allowed.ContainsKey((grant.Id, client))
            ? ValueTask.FromResult(true)
            : new ValueTask<bool>(ReadAsync(grant, client, cancel));

    public async Task AllowAsync(Grant grant, string client, CancellationToken cancel)
    {
        var value = Encoding.UTF8.GetBytes(client);
        await records.TryAddAsync(Kind, Key(grant, client), Group(grant.Id), value, expiresAt: null, cancel);
        Remember(grant, client);
    }

    /// <summary>The agents that may use a grant.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(Guid grant, CancellationToken cancel) =>
        [
            .. (await records.ListAsync(Kind, Group(grant), cancel)).Select(static record =>
                Encoding.UTF8.GetString(record.Value.Span)
            ),
        ];

    /// <summary>Forgets all of a grant that is gone.</summary>
    public async Task ForgetAsync(Guid grant, CancellationToken cancel)
    {
        foreach (var record in await records.ListAsync(Kind, Group(grant), cancel))
        {
            await records.RemoveAsync(record, cancel);
        }
    }

    private async Task<bool> ReadAsync(Grant grant, string client, CancellationToken cancel)
    {
        if (await records.FindAsync(Kind, Key(grant, client), cancel) is null)
        {
            return false;
        }

        Remember(grant, client);
        return true;
    }

    private void Remember(Grant grant, string client)
    {
        if (_allowed.Count >= MaxRemembered)
        {
            _allowed.Clear();
        }

        _allowed[(grant.Id, client)] = true;
    }

    private static string Key(Grant grant, string client) => $"{grant.Id:N} {client}";

    private static string Group(Guid grant) => grant.ToString("N");
}
