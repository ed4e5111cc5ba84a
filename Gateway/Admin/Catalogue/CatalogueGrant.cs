using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Catalogue;
using AspireGateway.Gateway.Targets.Upstream;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Admin.Catalogue;

/// <summary>
/// Whose grant may be used to read the tools of a target that needs a person, and what was read with it: one record for all replicas, so that
/// a reading that ends after the decision was taken back finds another version, and is lost.
/// </summary>
internal sealed record CatalogueGrant
{
    /// <summary>URL of the target when it was designated: an edited target is another server.</summary>
    public required string Url { get; init; }

    public required string Issuer { get; init; }

    public required string Subject { get; init; }

    /// <summary>OAuth client that the administrator used; people consent for one client at a time.</summary>
    public required string Client { get; init; }

    public required DateTimeOffset DesignatedAt { get; init; }

    public required TargetState State { get; init; }

    public string? Reason { get; init; }

    /// <summary>When a replica last began to read.</summary>
    public DateTimeOffset? AttemptedAt { get; init; }

    public DateTimeOffset? SynchronizedAt { get; init; }

    public IReadOnlyList<JsonObject> Tools { get; init; } = [];

    public IReadOnlyList<JsonObject> Prompts { get; init; } = [];

    public IReadOnlyList<JsonObject> Resources { get; init; } = [];

    public IReadOnlyList<JsonObject> ResourceTemplates { get; init; } = [];

    /// <summary>What the target says about itself; null in records of gateways that read only tools.</summary>
    public ServerDescription? Server { get; init; }

    /// <summary>All that was read.</summary>
    [JsonIgnore]
    public CatalogueContents Contents
    {
        get =>
            new()
            {
                Tools = Tools,
                Prompts = Prompts,
                Resources = Resources,
                ResourceTemplates = ResourceTemplates,
                Server = Server,
            };
        init =>
            (Tools, Prompts, Resources, ResourceTemplates, Server) = (
                value.Tools,
                value.Prompts,
                value.Resources,
                value.ResourceTemplates,
                value.Server
            );
    }

    [JsonIgnore]
    public UserId User => new(Issuer, Subject);

    [JsonIgnore]
    public TargetStatus Status => new(State, Reason);

    public CatalogueGrant With(TargetStatus status) => this with { State = status.State, Reason = status.Reason };
}

/// <summary>A designation as it was read.</summary>
internal sealed record StoredCatalogueGrant(CatalogueGrant Grant, StoredRecord Record);

/// <summary>The designations of all targets.</summary>
internal sealed class CatalogueGrantStore(IRecordStore store, IChangeFeed feed, TimeProvider time)
{
    /// <summary>Topic of <see cref="IChangeFeed"/>; its subjects are the name of a target and the replica that wrote.</summary>
    public const string Topic = "catalogue";

    private readonly JsonRecords<CatalogueGrant> _records = new(store, "catalogue-grant");

    /// <summary>Tells a replica's own changes from those of others.</summary>
    public string Replica { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The designation of a target; null when there is none for the server that it is now.</summary>
    public async Task<StoredCatalogueGrant?> FindAsync(Target target, CancellationToken cancel) =>
        await _records.FindStoredAsync(target.Name.Value, cancel) is var (record, grant)
        && grant.Url == target.Url.AbsoluteUri
            ? new StoredCatalogueGrant(grant, record)
            : null;

    /// <summary>Designates a grant of this person; takes the place of what was there, with what was read with it.</summary>
    public async Task DesignateAsync(Target target, UserId user, string client, CancellationToken cancel)
    {
        var grant = new CatalogueGrant
        {
            Url = target.Url.AbsoluteUri,
            Issuer = user.Issuer,
            Subject = user.Subject,
            Client = client,
            DesignatedAt = time.GetUtcNow(),
            State = TargetState.PendingAuth,
            Reason = CatalogueGrants.ConsentMissing,
        };
        while (!await _records.TryAddAsync(target.Name.Value, group: null, grant, expiresAt: null, cancel))
        {
            await _records.RemoveAsync(target.Name.Value, cancel);
        }

        await TellAsync(target.Name);
    }

    /// <summary>Keeps a new version; null when the designation was changed in between, and then nothing was written.</summary>
    public async Task<StoredCatalogueGrant?> TryUpdateAsync(
        StoredCatalogueGrant stored,
        CatalogueGrant grant,
        CancellationToken cancel
    ) =>
        await _records.TryUpdateAsync(stored.Record, grant, expiresAt: null, cancel) is { } updated
            ? new StoredCatalogueGrant(grant, updated.Record)
            : null;

    /// <summary>Takes a designation back, and forgets what was read with it.</summary>
    /// <returns>False when there was none.</returns>
    public async Task<bool> RemoveAsync(TargetName target, CancellationToken cancel)
    {
        if (!await _records.RemoveAsync(target.Value, cancel))
        {
            return false;
        }

        await TellAsync(target);
        return true;
    }

    /// <summary>Tells the other replicas that there is news of a target's tools.</summary>
    public Task TellAsync(TargetName target) => feed.PublishAsync(Topic, $"{target} {Replica}", CancellationToken.None);
}
