using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AspireGateway.Gateway.Admin.Catalogue;
using AspireGateway.Gateway.Admin.Requests;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Catalogue;
using AspireGateway.Gateway.Targets.Naming;

namespace AspireGateway.Gateway.Admin.Definitions;

/// <summary>A target as the admin API shows it, without any secret.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source"><c>configuration</c>, which the API does not change, or <c>api</c>.</param>
/// <param name="State"><c>READY</c>, <c>PENDING_AUTH</c>, <c>SYNCHRONIZING</c> or <c>FAILED</c>.</param>
/// <param name="Reason">Why, and what to do.</param>
/// <param name="ToolCount">How many tools are known.</param>
/// <param name="PromptCount">How many prompts are known.</param>
/// <param name="ResourceCount">How many resources are known.</param>
/// <param name="ResourceTemplateCount">How many templates of resources are known.</param>
/// <param name="SynchronizedAt">When they were read.</param>
/// <param name="LastChange">What the last reading that found something new has changed.</param>
/// <param name="LongNames">Tools and prompts whose names some clients refuse, with the aliases that stand for them.</param>
/// <param name="CatalogueGrant">Whose grant they are read with, for targets that need a person.</param>
/// <param name="Version">The ETag of its definition.</param>
/// <param name="Definition">What a <c>PUT</c> takes.</param>
internal sealed record TargetView(
    string Name,
    string Source,
    string State,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason,
    int ToolCount,
    int PromptCount,
    int ResourceCount,
    int ResourceTemplateCount,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? SynchronizedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LastChangeView? LastChange,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<LongName>? LongNames,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CatalogueGrantView? CatalogueGrant,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Version,
    JsonNode Definition
);

/// <summary>What a reading has changed.</summary>
internal sealed record LastChangeView(DateTimeOffset At, CatalogueDifference Difference);

/// <summary>Whose grant reads the tools.</summary>
internal sealed record CatalogueGrantView(string Issuer, string Subject, DateTimeOffset DesignatedAt);

/// <summary>Answer of <c>GET /admin/targets</c>.</summary>
internal sealed record TargetList(IReadOnlyList<TargetView> Targets);

/// <summary>A changed target, and what the change meant for people.</summary>
/// <param name="Target">The target now.</param>
/// <param name="EndedConnections">How many people's grants were ended, because it is another server now.</param>
/// <param name="RevokedConnections">For how many of them the provider confirmed the revocation.</param>
internal sealed record ChangedTarget(TargetView Target, int EndedConnections, int RevokedConnections);

/// <summary>Answer of <c>DELETE /admin/targets/{name}</c>.</summary>
internal sealed record DeletedTarget(string Name, int EndedConnections, int RevokedConnections);

/// <summary>Makes <see cref="TargetView"/>.</summary>
internal sealed class TargetViews(
    TargetCatalogue catalogue,
    AggregateNames names,
    TargetStates states,
    CatalogueGrantStore grants
)
{
    public async Task<TargetView> OfAsync(Target target, CancellationToken cancel)
    {
        var snapshot = catalogue.Get(target.Name);
        var status = states.Of(target);
        var grant = target.NeedsPerson ? (await grants.FindAsync(target, cancel))?.Grant : null;
        return new TargetView(
            target.Name.Value,
            target.IsConfigured ? "configuration" : "api",
            status.Name,
            status.Reason,
            snapshot.Contents.Tools.Count,
            snapshot.Contents.Prompts.Count,
            snapshot.Contents.Resources.Count,
            snapshot.Contents.ResourceTemplates.Count,
            snapshot.SynchronizedAt,
            catalogue.LastChangeOf(target.Name) is { Difference: { } difference, At: var at }
                ? new LastChangeView(at, difference)
                : null,
            names.LongNamesOf(target.Name, snapshot.Contents) is { Count: > 0 } longNames ? longNames : null,
            grant is null ? null : new CatalogueGrantView(grant.Issuer, grant.Subject, grant.DesignatedAt),
            target.Version,
            JsonSerializer.SerializeToNode(TargetSettings.Of(target).WithoutSecrets(), AdminJson.Options)!
        );
    }
}
