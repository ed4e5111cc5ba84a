using AspireGateway.Gateway.Admin.Catalogue;
using AspireGateway.Gateway.Outbound.Connect;
using AspireGateway.Gateway.Outbound.Discovery;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Admin.Definitions;

/// <summary>What becomes of people's grants when a target is another server than before, or is gone.</summary>
internal sealed class TargetGrants(
    Connections connections,
    KnownAuthorizationServers known,
    CatalogueGrantStore catalogueGrants
)
{
    /// <summary>Ends grants, with revocation at the authorization server that gave them.</summary>
    /// <param name="target">The target as it was when they were given.</param>
    /// <param name="which">Which of them.</param>
    /// <param name="isGone">Whether this target is not there any more in this form; then what else is known of it is forgotten, too.</param>
    public async Task<(int Ended, int Revoked)> EndAsync(Target target, Func<Grant, bool> which, bool isGone)
    {
        var ended = await connections.DisconnectAllAsync(target, which);
        if (isGone)
        {
            await known.ForgetAsync(target, CancellationToken.None);
            await catalogueGrants.RemoveAsync(target.Name, CancellationToken.None);
        }

        return (ended.Count, ended.Count(static connection => connection.IsRevoked));
    }
}
