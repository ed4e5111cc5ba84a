using AspireGateway.Gateway.Admin.Requests;
using AspireGateway.Gateway.Outbound.Registration;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Catalogue;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Admin.Definitions;

/// <summary>Defines, replaces and removes targets, and ends the grants that a change leaves without their server.</summary>
internal sealed class TargetChanges(
    TargetRegistry registry,
    DefinitionStore store,
    DefinitionReader reader,
    TargetViews views,
    TargetGrants grants,
    RegisteredClients clients,
    IOptions<CatalogueOptions> catalogue
)
{
    /// <summary><c>POST</c>.</summary>
    public async Task<Results<Created<ChangedTarget>, ProblemHttpResult>> CreateAsync(
        HttpContext context,
        string? name,
        CancellationToken cancel
    )
    {
        var read = await reader.ReadAsync(context, name, former: null, cancel);
        if (read.Definition is not var (parsed, settings))
        {
            return read.Refusal!;
        }

        if (registry.Find(parsed) is { } existing)
        {
            return (existing.IsConfigured ? Configured(parsed) : Exists(parsed)).ToResult();
        }

        if (registry.All.Count >= catalogue.Value.MaxTargets)
        {
            return TooMany(catalogue.Value.MaxTargets).ToResult();
        }

        if (await store.AddAsync(parsed, settings, cancel) is not { } stored)
        {
            return Exists(parsed).ToResult();
        }

        TargetEndpoints.SetVersion(context, stored.Version);
        return TypedResults.Created(
            $"{AdminExtensions.Path}{TargetEndpoints.Path}/{parsed}",
            await AfterAsync(stored, former: null)
        );
    }

    /// <summary><c>PUT</c>.</summary>
    public async Task<Results<Ok<ChangedTarget>, ProblemHttpResult>> ReplaceAsync(
        HttpContext context,
        string name,
        CancellationToken cancel
    )
    {
        var (former, problem) = await FindAsync(context, name, cancel);
        if (former is null)
        {
            return problem!.ToResult();
        }

        var read = await reader.ReadAsync(context, name, former.Settings, cancel);
        if (read.Definition is not var (_, settings))
        {
            return read.Refusal!;
        }

        var formerTarget = registry.Find(former.Name);
        if (await store.ReplaceAsync(former, settings, cancel) is not { } stored)
        {
            return AdminProblem.VersionChanged.ToResult();
        }

        TargetEndpoints.SetVersion(context, stored.Version);
        return TypedResults.Ok(await AfterAsync(stored, settings.IsSameParty(former.Settings) ? null : formerTarget));
    }

    /// <summary><c>DELETE</c>.</summary>
    public async Task<Results<Ok<DeletedTarget>, ProblemHttpResult>> DeleteAsync(
        HttpContext context,
        string name,
        CancellationToken cancel
    )
    {
        var (former, problem) = await FindAsync(context, name, cancel);
        if (former is null)
        {
            return problem!.ToResult();
        }

        var target = registry.Find(former.Name);
        if (!await store.RemoveAsync(former, cancel))
        {
            return AdminProblem.VersionChanged.ToResult();
        }

        // One that could not be used has no grants of its own.
        var (ended, revoked) = target is null ? (0, 0) : await grants.EndAsync(target, static _ => true, isGone: true);
        await clients.ForgetAsync(former.Name, CancellationToken.None);
        return TypedResults.Ok(new DeletedTarget(former.Name.Value, ended, revoked));
    }

    /// <summary>What is left of a former server is ended, also where an earlier call was interrupted before it could.</summary>
    private async Task<ChangedTarget> AfterAsync(StoredDefinition stored, Target? former)
    {
        var target = registry.Find(stored.Name) ?? ToTarget(stored);
        var url = target.Url.AbsoluteUri;
        var (ended, revoked) = former is not null
            ? await grants.EndAsync(former, static _ => true, isGone: true)
            : await grants.EndAsync(target, grant => grant.Binding.Resource != url, isGone: false);
        return new ChangedTarget(await views.OfAsync(target, CancellationToken.None), ended, revoked);
    }

    private async Task<(StoredDefinition? Stored, AdminProblem? Problem)> FindAsync(
        HttpContext context,
        string name,
        CancellationToken cancel
    )
    {
        if (!TargetName.TryParse(name, out var parsed))
        {
            return (null, AdminProblem.UnknownTarget(name));
        }

        if (registry.Find(parsed) is { IsConfigured: true })
        {
            return (null, Configured(parsed));
        }

        if (await store.FindAsync(parsed, cancel) is not { } stored)
        {
            return (null, AdminProblem.UnknownTarget(name));
        }

        if (registry.Find(parsed)?.Version != stored.Version)
        {
            // Another replica has changed it a moment ago.
            await store.LoadAsync(cancel);
        }

        var expected = context.Request.Headers.IfMatch;
        return expected.Count == 0 || expected == "*" || expected == $"\"{stored.Version}\""
            ? (stored, null)
            : (null, AdminProblem.VersionChanged);
    }

    private static Target ToTarget(StoredDefinition stored) =>
        new TargetDefinition(
            stored.Name,
            stored.Version,
            stored.Settings.ToOptions(),
            stored.Settings.Tools
        ).ToTarget();

    private static AdminProblem Configured(TargetName name) =>
        new(
            StatusCodes.Status409Conflict,
            ErrorCodes.DefinedInConfiguration,
            $"Target '{name}' is defined in the gateway's configuration (Gateway:Targets:{name}), which this API does not change. Change it there, or choose another name."
        );

    private static AdminProblem Exists(TargetName name) =>
        new(
            StatusCodes.Status409Conflict,
            ErrorCodes.TargetExists,
            $"There is a target '{name}' already. PUT /admin/targets/{name} replaces its definition."
        );

    private static AdminProblem TooMany(int max) =>
        new(
            StatusCodes.Status409Conflict,
            ErrorCodes.TooManyTargets,
            $"There are {max} targets already, as many as Gateway:Catalogue:MaxTargets allows. Delete one, or spread them over several gateways."
        );
}
