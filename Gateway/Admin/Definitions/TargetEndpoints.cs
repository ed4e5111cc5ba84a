using AspireGateway.Gateway.Admin.Requests;
using AspireGateway.Gateway.Targets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireGateway.Gateway.Admin.Definitions;

/// <summary><c>/admin/targets</c>: the targets that there are, and those that administrators define.</summary>
internal sealed class TargetEndpoints(
    TargetRegistry registry,
    DefinitionStore store,
    DefinitionChecks checks,
    TargetViews views,
    TargetGrants grants
)
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
                static (HttpContext context, TargetEndpoints endpoints, CancellationToken cancel) =>
                    endpoints.CreateAsync(context, name: null, cancel)
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
                static (string name, HttpContext context, TargetEndpoints endpoints, CancellationToken cancel) =>
                    endpoints.CreateAsync(context, name, cancel)
            )
            .WithName("create_named_target");
        targets
            .MapPut(
                "/{name}",
                static (string name, HttpContext context, TargetEndpoints endpoints, CancellationToken cancel) =>
                    endpoints.ReplaceAsync(context, name, cancel)
            )
            .WithName("replace_target");
        targets
            .MapDelete(
                "/{name}",
                static (string name, HttpContext context, TargetEndpoints endpoints, CancellationToken cancel) =>
                    endpoints.DeleteAsync(context, name, cancel)
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

    public async Task<Results<Created<ChangedTarget>, ProblemHttpResult>> CreateAsync(
        HttpContext context,
        string? name,
        CancellationToken cancel
    )
    {
        var body = await StrictBody.ReadAsync<TargetSettings>(context.Request, cancel);
        if (body.Value is not { } settings)
        {
            return Refuse(body);
        }

        if (!TryName(context, name, settings, out var parsed, out var wrongName))
        {
            return wrongName;
        }

        if (registry.Find(parsed) is { } existing)
        {
            return (existing.IsConfigured ? Configured(parsed) : Exists(parsed)).ToResult();
        }

        var mistakes = await checks.CheckAsync(parsed, settings, cancel);
        if (mistakes.Count > 0 || settings.HidesSecrets)
        {
            return Invalid(mistakes, settings.HidesSecrets ? "There is no former secret to keep: give it." : null);
        }

        if (registry.All.Count >= TargetsOptions.MaxTargets)
        {
            return TooMany.ToResult();
        }

        if (await store.AddAsync(parsed, settings, cancel) is not { } stored)
        {
            return Exists(parsed).ToResult();
        }

        SetVersion(context, stored.Version);
        return TypedResults.Created($"{AdminExtensions.Path}{Path}/{parsed}", await AfterAsync(stored, former: null));
    }

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

        var body = await StrictBody.ReadAsync<TargetSettings>(context.Request, cancel);
        if (body.Value is not { } settings)
        {
            return Refuse(body);
        }

        if (!TryName(context, name, settings, out _, out var wrongName))
        {
            return wrongName;
        }

        // A secret belongs to the server that it was given for, and is not shown to another one.
        var isMoved = !settings.IsSameParty(former.Settings);
        var loses = settings.HidesSecrets && isMoved;
        var complete = settings.WithSecretsOf(former.Settings);
        var mistakes = await checks.CheckAsync(former.Name, complete, cancel);
        if (mistakes.Count > 0 || loses)
        {
            return Invalid(
                mistakes,
                loses ? "belongs to the former server, client or URL. Give the one for the new." : null
            );
        }

        var formerTarget = registry.Find(former.Name);
        if (await store.ReplaceAsync(former, complete, cancel) is not { } stored)
        {
            return AdminProblem.VersionChanged.ToResult();
        }

        SetVersion(context, stored.Version);
        return TypedResults.Ok(await AfterAsync(stored, isMoved ? formerTarget : null));
    }

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

        var target = registry.Find(former.Name) ?? ToTarget(former);
        if (!await store.RemoveAsync(former, cancel))
        {
            return AdminProblem.VersionChanged.ToResult();
        }

        var (ended, revoked) = await grants.EndAsync(target, static _ => true, isGone: true);
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

        var expected = context.Request.Headers.IfMatch;
        return expected.Count == 0 || expected == "*" || expected == $"\"{stored.Version}\""
            ? (stored, null)
            : (null, AdminProblem.VersionChanged);
    }

    private static bool TryName(
        HttpContext context,
        string? path,
        TargetSettings settings,
        out TargetName name,
        out ProblemHttpResult problem
    )
    {
        var text = path ?? settings.Name;
        problem = null!;
        if (!TargetName.TryParse(text, out name))
        {
            problem = Invalid(
                [new Mistake("Name", $"is '{text}', which is no target name. Use {TargetName.Rule}.")],
                null
            );
        }
        else if (settings.Name.Length > 0 && settings.Name != text)
        {
            problem = Invalid(
                [new Mistake("Name", $"is '{settings.Name}', but the path says '{text}'. A target keeps its name.")],
                null
            );
        }
        else
        {
            context.Items[AdminRecorder.CreatedName] = text;
        }

        return problem is null;
    }

    private static ProblemHttpResult Refuse(BodyResult<TargetSettings> body) =>
        body.Mistakes is { } mistakes ? AdminProblem.Invalid(mistakes) : body.Problem!.ToResult();

    private static ProblemHttpResult Invalid(IReadOnlyList<Mistake> mistakes, string? secretMistake)
    {
        IEnumerable<Mistake> all = secretMistake is null
            ? mistakes
            : [.. mistakes, new Mistake("AuthorizationCode:ClientSecret", secretMistake)];
        return AdminProblem.Invalid(
            all.GroupBy(
                    static mistake => MemberOf(mistake.Setting),
                    static mistake => mistake.Text,
                    StringComparer.Ordinal
                )
                .ToDictionary(static group => group.Key, static group => group.ToArray(), StringComparer.Ordinal)
        );
    }

    // The names of the configuration, as JSON spells them.
    private static string MemberOf(string setting) =>
        setting.Length == 0
            ? "name"
            : string.Join('.', setting.Split(':').Select(static part => char.ToLowerInvariant(part[0]) + part[1..]));

    private static void SetVersion(HttpContext context, string? version)
    {
        if (version is not null)
        {
            context.Response.Headers.ETag = $"\"{version}\"";
        }
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
            "defined_in_configuration",
            $"Target '{name}' is defined in the gateway's configuration (Gateway:Targets:{name}), which this API does not change. Change it there, or choose another name."
        );

    private static AdminProblem Exists(TargetName name) =>
        new(
            StatusCodes.Status409Conflict,
            "target_exists",
            $"There is a target '{name}' already. PUT /admin/targets/{name} replaces its definition."
        );

    private static readonly AdminProblem TooMany = new(
        StatusCodes.Status409Conflict,
        "too_many_targets",
        $"There are {TargetsOptions.MaxTargets} targets already. Delete one, or spread them over several gateways."
    );
}
