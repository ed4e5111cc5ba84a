using AspireGateway.Gateway.Outbound.Connect;
using AspireGateway.Gateway.Outbound.SelfService.Pages;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Outbound.SelfService;

/// <summary>What one person has connected and could connect.</summary>
internal sealed class ConnectionOverview(
    IGrantVault vault,
    TargetRegistry targets,
    ClientConsents clients,
    ConsentRequests consents,
    TimeProvider time
)
{
    /// <summary>All targets that ask for a person's own account, in the order of their names, and what is kept for targets that are gone.</summary>
    public async Task<IReadOnlyList<ConnectionModel>> ListAsync(UserId user, CancellationToken cancel)
    {
        var grants = (await vault.ListAsync(user, cancel)).ToDictionary(static grant => grant.Binding.Target);
        var offered = targets.All.Where(static target => target.NeedsPerson).ToDictionary(static target => target.Name);
        var models = new List<ConnectionModel>();
        foreach (var name in offered.Keys.Union(grants.Keys).OrderBy(static name => name.Value, StringComparer.Ordinal))
        {
            models.Add(
                await DescribeAsync(user, name, offered.GetValueOrDefault(name), grants.GetValueOrDefault(name), cancel)
            );
        }

        return models;
    }

    private async Task<ConnectionModel> DescribeAsync(
        UserId user,
        TargetName name,
        Target? target,
        Grant? grant,
        CancellationToken cancel
    )
    {
        var agents = grant is null ? [] : await clients.ListAsync(grant.Id, cancel);
        return new ConnectionModel
        {
            Target = name.Value,
            State = StateOf(target, grant),
            Address = target?.Url.Authority,
            Provider = grant is null ? null : HostOf(grant.Binding.AuthorizationServer),
            Account = grant?.Account,
            Scopes = grant?.Tokens?.Scopes.Values ?? [],
            ConnectedAt = grant?.CreatedAt,
            LastUsedAt = grant?.LastUsedAt,
            LastRefreshedAt = grant?.LastRefreshedAt,
            Agents = [.. agents.Order(StringComparer.Ordinal)],
            Waiting = target is null ? [] : await consents.WaitingAsync(user, name, cancel),
        };
    }

    private ConnectionState StateOf(Target? target, Grant? grant) =>
        target is null ? ConnectionState.NotOffered
        : grant is null ? ConnectionState.NotConnected
        : grant.Tokens is { } tokens
        && tokens.CanServe(time.GetUtcNow())
        && string.Equals(grant.Binding.Resource, target.Url.AbsoluteUri, StringComparison.Ordinal)
            ? ConnectionState.Connected
        : ConnectionState.NeedsReconnecting;

    private static string HostOf(string issuer) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out var url) ? url.Authority : issuer;
}
