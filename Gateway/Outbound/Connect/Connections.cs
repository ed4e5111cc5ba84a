using System.Collections.Concurrent;
using AspireGateway.Gateway.Outbound.AuthorizationCode;
using AspireGateway.Gateway.Outbound.Discovery;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Outbound.Connect;

/// <summary>What people have connected: made by a consent, ended by them or by an administrator.</summary>
internal sealed class Connections(
    IGrantVault vault,
    ClientConsents clients,
    ConsentRequests consents,
    WithheldScopes withheld,
    ThirdParties parties,
    TokenEndpoint endpoint,
    TargetRegistry targets,
    TimeProvider time,
    ILogger<Connections> logger
)
{
    private const int ParallelRevocations = 8;

    // Whoever waits for the end of many connections does not wait longer for a provider that hangs.
    private static readonly TimeSpan RevocationTime = TimeSpan.FromSeconds(60);

    /// <summary>Keeps the result of a consent and answers the questions that it covers.</summary>
    /// <param name="consent">What the person was asked.</param>
    /// <param name="request">Who gave the tokens.</param>
    /// <param name="requested">Scopes that they were asked for.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="account">Name of the account there, where it is known.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task ConnectAsync(
        ConsentRequest consent,
        TokenRequest request,
        ScopeSet requested,
        GrantTokens tokens,
        string? account,
        CancellationToken cancel
    )
    {
        var binding = new GrantBinding(
            consent.User,
            request.Target.Name,
            request.Server.Issuer,
            request.Target.Url.AbsoluteUri,
            request.Client.ClientId
        );
        var previous = await vault.ReadAsync(consent.User, request.Target.Name, cancel);

        // In this order: a process that dies in between leaves a permission for a grant that never was, not a grant that the
        // agent may not use and about which the person would be asked again.
        var id = Guid.NewGuid();
        if (consent.Client is { } client)
        {
            await clients.AllowAsync(id, client, cancel);
        }

        await withheld.RememberAsync(id, requested, tokens.Scopes, cancel);
        await vault.PutAsync(id, binding, tokens, account, cancel);
        if (previous is not null)
        {
            await clients.ForgetAsync(previous.Id, cancel);
        }

        logger.Connected(request.Target.Name);
        await consents.AnsweredAsync(consent, tokens.Scopes.Union(ScopeSet.Parse(consent.Scopes)), cancel);
    }

    /// <summary>Ends a connection: forgotten here first, so that the next call asks again whatever the provider says, and then revoked there.</summary>
    /// <returns>Null when there was none.</returns>
    public async Task<Disconnection?> DisconnectAsync(UserId user, TargetName target, CancellationToken cancel)
    {
        if (await vault.RemoveAsync(user, target, cancel) is not { } grant)
        {
            return null;
        }

        // Gone here; whoever leaves now does not keep it alive there.
        await clients.ForgetAsync(grant.Id, CancellationToken.None);
        return new Disconnection(
            target,
            grant.Tokens is { } tokens ? await RevokeAsync(grant, tokens, targets.Find(target)) : Revocation.AlreadyOver
        );
    }

    /// <summary>Ends all connections of a person, for example one who leaves the company.</summary>
    public async Task<IReadOnlyList<Disconnection>> DisconnectAllAsync(UserId user, CancellationToken cancel)
    {
        var ended = new List<Disconnection>();
        foreach (var grant in await vault.ListAsync(user, cancel))
        {
            if (await DisconnectAsync(user, grant.Binding.Target, cancel) is { } disconnection)
            {
                ended.Add(disconnection);
            }
        }

        return ended;
    }

    /// <summary>
    /// Ends connections of a target, for example because it is another server now. All are forgotten before the first is revoked, so that a
    /// provider that does not answer keeps none of them alive here.
    /// </summary>
    /// <param name="target">The target as it was when they were made, whose authorization server knows the tokens.</param>
    /// <param name="which">Which of them.</param>
    public async Task<IReadOnlyList<Disconnection>> DisconnectAllAsync(Target target, Func<Grant, bool> which)
    {
        var removed = new List<Grant>();
        foreach (var grant in (await vault.ListAsync(target.Name, CancellationToken.None)).Where(which))
        {
            if (await vault.RemoveAsync(grant.Binding.User, target.Name, CancellationToken.None) is { } gone)
            {
                await clients.ForgetAsync(gone.Id, CancellationToken.None);
                removed.Add(gone);
            }
        }

        var ended = new ConcurrentBag<Disconnection>();
        var started = time.GetTimestamp();
        await Parallel.ForEachAsync(
            removed,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelRevocations },
            async (grant, _) =>
            {
                var result =
                    grant.Tokens is not { } tokens ? Revocation.AlreadyOver
                    : time.GetElapsedTime(started) > RevocationTime ? Revocation.NotConfirmed
                    : await RevokeAsync(grant, tokens, target);
                ended.Add(new Disconnection(target.Name, result));
            }
        );
        return [.. ended];
    }

    public Task<IReadOnlyList<Grant>> ListAsync(UserId user, CancellationToken cancel) => vault.ListAsync(user, cancel);

    // RFC 7009: the refresh token ends the grant, but some providers let the access token live on.
    private async Task<Revocation> RevokeAsync(Grant grant, GrantTokens tokens, Target? target)
    {
        if (
            target is null
            || (await PartyAsync(target)).Value is not { } request
            || !string.Equals(request.Server.Issuer, grant.Binding.AuthorizationServer, StringComparison.Ordinal)
            || !string.Equals(request.Client.ClientId, grant.Binding.ClientId, StringComparison.Ordinal)
        )
        {
            return Revocation.NotConfirmed;
        }

        var revoked =
            tokens.RefreshToken is null
            || await endpoint.RevokeAsync(request, tokens.RefreshToken, "refresh_token", CancellationToken.None);
        return
            await endpoint.RevokeAsync(request, tokens.AccessToken, "access_token", CancellationToken.None) && revoked
            ? Revocation.Confirmed
            : Revocation.NotConfirmed;
    }

    private async Task<Outcome<TokenRequest>> PartyAsync(Target target)
    {
        try
        {
            return await parties.ForAsync(target, CancellationToken.None);
        }
        catch (VaultUnavailableException)
        {
            return new OutboundProblem(ErrorCodes.VaultUnavailable, "The vault does not answer.");
        }
    }
}

/// <summary>A connection that was ended.</summary>
/// <param name="Target">Target.</param>
/// <param name="Revocation">What its provider said.</param>
internal sealed record Disconnection(TargetName Target, Revocation Revocation)
{
    /// <summary>Whether the provider confirmed that its tokens are dead; else they live until they expire, but the gateway has them no more.</summary>
    public bool IsRevoked => Revocation == Revocation.Confirmed;
}

/// <summary>What became of a connection at its provider.</summary>
internal enum Revocation
{
    /// <summary>It confirmed that the tokens are dead (RFC 7009).</summary>
    Confirmed,

    /// <summary>It offers no revocation, did not answer, or refused.</summary>
    NotConfirmed,

    /// <summary>It had ended the grant before, and the gateway had no tokens any more.</summary>
    AlreadyOver,
}
