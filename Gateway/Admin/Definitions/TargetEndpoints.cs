using AspireGateway.Gateway.Admin.Requests;
using AspireGateway.Gateway.Targets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireGateway.Gateway.Admin.Definitions;

/// <summary><c>/admin/targets</c>: the targets that there are, and those that administrators define.</summary>
internal sealed class TargetEndpoints(TargetRegistry registry, TargetViews views)
{
    public const string Path = "/targets";

    /// <summary>Maps them. The route value is not called "target": a token for one target's endpoint is none for this.</summary>
    public static void Map(IEndpointRouteBuilder admin)
    {
        var targets = admin.MapGroup(Path);
        targets
            .MapGet("", static (TargetEndpoints endpoints, CancellationToken cancel) => endpoints.ListAsync(cancel))
            .WithName("list_targets");
        targets
            .MapPost(
                "",
                static (HttpContext context, TargetChanges changes, CancellationToken cancel) =>
                    changes.CreateAsync(context, name: null, cancel)
            )
            .WithName("create_target");
        targets
            .MapGet(
                "/{name}",
                static (string name, HttpContext context, TargetEndpoints endpoints, CancellationToken cancel) =>
                    endpoints.GetAsync(context, name, cancel)
            )
            .WithName("read_target");
        targets
            .MapPost(
                "/{name}",
                static (string name, HttpContext context, TargetChanges changes, CancellationToken cancel) =>
                    changes.CreateAsync(context, name, cancel)
            )
            .WithName("create_named_target");
        targets
            .MapPut(
                "/{name}",
                static (string name, HttpContext context, TargetChanges changes, CancellationToken cancel) =>
                    changes.ReplaceAsync(context, name, cancel)
            )
            .WithName("replace_target");
        targets
            .MapDelete(
                "/{name}",
                static (string name, HttpContext context, TargetChanges changes, CancellationToken cancel) =>
                    changes.DeleteAsync(context, name, cancel)
            )
            .WithName("delete_target");
    }

    public async Task<Ok<TargetList>> ListAsync(CancellationToken cancel)
    {
        var all = new List<TargetView>();
        foreach (var target in registry.All)
        {
            all.Add(await views.OfAsync(target, cancel));
        }

        return TypedResults.Ok(new TargetList(all));
    }

    public async Task<Results<Ok<TargetView>, ProblemHttpResult>> GetAsync(
        HttpContext context,
        string name,
        CancellationToken cancel
    )
    {
        if (!TargetName.TryParse(name, out var parsed) || registry.Find(parsed) is not { } target)
        {
            return AdminProblem.UnknownTarget(name).ToResult();
        }

        SetVersion(context, target.Version);
        return TypedResults.Ok(await views.OfAsync(target, cancel));
    }

    /// <summary>Tells the version of a definition; those of the configuration have none.</summary>
    public static void SetVersion(HttpContext context, string? version)
    {
        if (version is not null)
        {
            context.Response.Headers.ETag = $"\"{version}\"";
        }
    }
}
