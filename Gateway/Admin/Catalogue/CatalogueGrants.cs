using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Catalogue;
using AspireGateway.Gateway.Targets.Credentials;
using AspireGateway.Gateway.Targets.Upstream;

namespace AspireGateway.Gateway.Admin.Catalogue;

/// <summary>Reads the tools of targets that need a person, with the grant that an administrator designated for it and with no other.</summary>
internal sealed class CatalogueGrants(
    CatalogueGrantStore store,
    ITargetCredentials credentials,
    UpstreamConnections connections,
    CatalogueReader reader,
    TargetCatalogue catalogue,
    TargetStates states,
    TimeProvider time
)
{
    /// <summary>Why a designated grant cannot be used yet, or not any more.</summary>
    public const string ConsentMissing =
        "The administrator whose grant was designated has not consented yet, or the grant has ended. PUT /admin/targets/{name}/catalogue-grant gives a link; DELETE takes the designation back.";

    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(30);

    /// <summary>First part of the ids of questions that are asked here, so that the answer is recognised.</summary>
    public static string TagOf(TargetName target) => $"catalogue-{target}.";

    /// <summary>The target that an answered question was about; null for a question of somebody else.</summary>
    public static TargetName? TargetOf(string elicitationId) =>
        elicitationId.StartsWith("catalogue-", StringComparison.Ordinal)
        && TargetName.TryParse(elicitationId["catalogue-".Length..].Split('.')[0], out var name)
            ? name
            : null;

    /// <summary>Puts in force on this replica what is stored.</summary>
    public async Task<StoredCatalogueGrant?> ApplyAsync(Target target, CancellationToken cancel)
    {
        var stored = await store.FindAsync(target, cancel);
        if (stored is null)
        {
            states.Set(target, TargetStatus.NoGrant);
            catalogue.Clear(target);
            return null;
        }

        states.Set(target, stored.Grant.Status);
        if (stored.Grant.SynchronizedAt is { } synchronizedAt)
        {
            catalogue.Set(target, new CatalogueSnapshot(stored.Grant.Contents, synchronizedAt));
        }
        else
        {
            catalogue.Clear(target);
        }

        return stored;
    }

    /// <summary>Asks for the grant's consent where it is missing; only for whoever designated it, and now.</summary>
    public ValueTask<CredentialResult> AskAsync(Target target, UserId user, string client, CancellationToken cancel) =>
        credentials.GetAsync(new CredentialRequest(user, client, target) { SessionTag = TagOf(target.Name) }, cancel);

    /// <summary>Reads the tools now, unless another replica does so at the same moment.</summary>
    public async Task SynchronizeAsync(Target target, CancellationToken cancel)
    {
        var found = await store.FindAsync(target, cancel);
        if (found is not { } stored || IsBeingRead(stored.Grant))
        {
            await ApplyAsync(target, cancel);
            return;
        }

        var request = new CredentialRequest(stored.Grant.User, stored.Grant.Client, target) { MayAsk = false };
        var result = await credentials.GetAsync(request, cancel);
        if (result is not CredentialResult.Ready { Credential: { } credential })
        {
            await KeepAsync(target, stored, stored.Grant.With(Why(result)), cancel);
            return;
        }

        // Whoever writes this version first reads; the others find another one.
        var begun = stored.Grant.With(TargetStatus.Synchronizing) with
        {
            AttemptedAt = time.GetUtcNow(),
        };
        if (await store.TryUpdateAsync(stored, begun, cancel) is { } claimed)
        {
            states.Set(target, TargetStatus.Synchronizing);
            var read = await ReadAsync(target, claimed.Grant, request, credential, cancel);
            await KeepAsync(target, claimed, read, CancellationToken.None);
        }
    }

    // One that has not come to an end by then never will.
    private bool IsBeingRead(CatalogueGrant grant) =>
        grant.State is TargetState.Synchronizing && time.GetUtcNow() - grant.AttemptedAt < ReadTimeout * 2;

    private async Task<CatalogueGrant> ReadAsync(
        Target target,
        CatalogueGrant grant,
        CredentialRequest request,
        TargetCredential credential,
        CancellationToken cancel
    )
    {
        using var timeout = new CancellationTokenSource(ReadTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            var read = await ReadAsync(target, request, credential, either.Token);
            return read is null
                ? grant.With(new TargetStatus(TargetState.PendingAuth, ConsentMissing))
                : grant.With(TargetStatus.Ready) with
                {
                    Contents = read,
                    SynchronizedAt = time.GetUtcNow(),
                };
        }
        catch (Exception exception) when (CatalogueReader.IsTargetFailure(exception, CancellationToken.None))
        {
            return grant.With(new TargetStatus(TargetState.Failed, CatalogueReader.Describe(exception)));
        }
    }

    private async Task<CatalogueContents?> ReadAsync(
        Target target,
        CredentialRequest request,
        TargetCredential credential,
        CancellationToken cancel
    )
    {
        try
        {
            return await reader.ReadAsync(connections.For(target, request.User, credential), cancel);
        }
        catch (Exception exception) when (CredentialRefusedException.Find(exception) is { } refused)
        {
            return
                await credentials.ReplaceAsync(request, credential, refused.Refusal, cancel)
                    is CredentialResult.Ready { Credential: { } other }
                ? await reader.ReadAsync(connections.For(target, request.User, other), cancel)
                : null;
        }
    }

    private async Task KeepAsync(
        Target target,
        StoredCatalogueGrant stored,
        CatalogueGrant grant,
        CancellationToken cancel
    )
    {
        if (grant != stored.Grant && await store.TryUpdateAsync(stored, grant, cancel) is not null)
        {
            await store.TellAsync(target.Name);
        }

        await ApplyAsync(target, cancel);
    }

    private static TargetStatus Why(CredentialResult result) =>
        result is CredentialResult.Unavailable { Reason: not CredentialResult.NotAsked } unavailable
            ? new TargetStatus(TargetState.Failed, unavailable.Message)
            : new TargetStatus(TargetState.PendingAuth, ConsentMissing);
}
