using System.Text;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Outbound.Discovery;

/// <summary>
/// Remembers which authorization server each target named first. A target, or somebody on the way to it, that names another one
/// later could otherwise lead people to a page that collects their passwords.
/// </summary>
internal sealed class KnownAuthorizationServers(IRecordStore records)
{
    private const string Kind = "authorization-server";

    /// <summary>Whether this is the server that was seen first, or the first that is seen. An explicit setting is always right.</summary>
    public async Task<bool> ConfirmAsync(Target target, string issuer, CancellationToken cancel)
    {
        if (target.AuthorizationCode.Issuer.Length > 0 || target.AuthorizationCode.TokenEndpoint.Length > 0)
        {
            return true;
        }

        var key = Key(target);
        await records.TryAddAsync(
            Kind,
            key,
            target.Name.Value,
            Encoding.UTF8.GetBytes(issuer),
            expiresAt: null,
            cancel
        );
        return await records.FindAsync(Kind, key, cancel) is { } record
            && string.Equals(Encoding.UTF8.GetString(record.Value.Span), issuer, StringComparison.Ordinal);
    }

    /// <summary>Forgets it: the next one that the target names is taken.</summary>
    public Task<bool> ForgetAsync(Target target, CancellationToken cancel) =>
        records.RemoveAsync(Kind, Key(target), cancel);

    // Another URL is another server, whose first answer counts.
    private static string Key(Target target) => $"{target.Name} {target.Url}";
}
