using AspireGateway.Gateway.Admin.Definitions;
using AspireGateway.Gateway.Admin.Requests;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Outbound.Discovery;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Catalogue;
using AspireGateway.Gateway.Targets.Credentials;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireGateway.Gateway.Admin.Catalogue;

/// <summary>What an administrator does with a target of either source: read its tools, say with whose grant, confirm its authorization server.</summary>
internal sealed class CatalogueEndpoints(
    TargetRegistry registry,
    CatalogueSynchronizer synchronizer,
    CatalogueGrants grants,
    CatalogueGrantStore store,
    TargetCatalogue catalogue,
    TargetStates states,
    TargetViews views,
    TargetGrants people,
    KnownAuthorizationServers known,
    TargetDiscovery discovery,
    TimeProvider time
)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static void Map(IEndpointRouteBuilder admin)
    {
        var target = admin.MapGroup(TargetEndpoints.Path + "/{name}");
        target
            .MapPost(
                "/synchronize",
                static (string name, CatalogueEndpoints endpoints, CancellationToken cancel) =>
                    endpoints.SynchronizeAsync(name, cancel)
            )
            .WithName("synchronize_target");
        target
            .MapPut(
                "/catalogue-grant",
                static (string name, HttpContext context, CatalogueEndpoints endpoints, CancellationToken cancel) =>
                    endpoints.DesignateAsync(context, name, cancel)
            )
            .WithName("designate_catalogue_grant");
        target
            .MapDelete(
                "/catalogue-grant",
                static (string name, CatalogueEndpoints endpoints, CancellationToken cancel) =>
                    endpoints.CancelAsync(name, cancel)
            )
            .WithName("cancel_catalogue_grant");
        target
            .MapPost(
                "/authorization-server/confirm",
                static (string name, CatalogueEndpoints endpoints, CancellationToken cancel) =>
                    endpoints.ConfirmAsync(name, cancel)
            )
            .WithName("confirm_authorization_server");
    }

    public async Task<Results<Ok<Synchronization>, ProblemHttpResult>> SynchronizeAsync(
        string name,
        CancellationToken cancel
    )
    {
        if (Find(name) is not { } target)
        {
            return AdminProblem.UnknownTarget(name).ToResult();
        }

        var before = catalogue.Get(target.Name).Contents;
        await ReadNowAsync(target, cancel);
        var status = states.Of(target);
        if (status.State is not TargetState.Ready)
        {
            return new AdminProblem(
                status.State is TargetState.Failed ? StatusCodes.Status502BadGateway : StatusCodes.Status409Conflict,
                status.State is TargetState.Failed ? ErrorCodes.TargetFailed : ErrorCodes.NotSynchronized,
                $"Target '{name}' is {status.Name}. {status.Reason} What was known of it stays."
            ).ToResult();
        }

        var after = catalogue.Get(target.Name).Contents;
        var difference = CatalogueDifference.Between(before, after);
        return TypedResults.Ok(
            new Synchronization(
                status.Name,
                after.Tools.Count,
                difference.Tools.Added,
                difference.Tools.Removed,
                difference.Tools.Changed,
                difference.Prompts,
                difference.Resources,
                difference.ResourceTemplates
            )
        );
    }

    public async Task<Results<Ok<Designation>, Accepted<Designation>, ProblemHttpResult>> DesignateAsync(
        HttpContext context,
        string name,
        CancellationToken cancel
    )
    {
        if (Find(name) is not { } target)
        {
            return AdminProblem.UnknownTarget(name).ToResult();
        }

        if (!target.NeedsPerson || target.KnownTools.Count > 0)
        {
            return NotNeeded(target).ToResult();
        }

        var caller = context.GetCaller()!;
        await store.DesignateAsync(target, caller.User, caller.ClientId, cancel);
        var asked = await grants.AskAsync(target, caller.User, caller.ClientId, cancel);
        await grants.SynchronizeAsync(target, cancel);
        var view = await views.OfAsync(target, cancel);
        return asked switch
        {
            CredentialResult.Ready => TypedResults.Ok(new Designation(view, null, null)),
            CredentialResult.ConsentRequired consent => TypedResults.Accepted(
                (string?)null,
                new Designation(
                    view,
                    consent.Url,
                    "Open connectUrl, sign in as yourself, and allow it. The tools are read then."
                )
            ),
            CredentialResult.Unavailable problem => TypedResults.Accepted(
                (string?)null,
                new Designation(view, null, problem.Message)
            ),
            _ => throw new InvalidOperationException("A credential result has three kinds."),
        };
    }

    public async Task<Results<NoContent, ProblemHttpResult>> CancelAsync(string name, CancellationToken cancel)
    {
        if (Find(name) is not { } target)
        {
            return AdminProblem.UnknownTarget(name).ToResult();
        }

        await store.RemoveAsync(target.Name, cancel);
        if (target.NeedsPerson && target.KnownTools.Count == 0)
        {
            await grants.ApplyAsync(target, cancel);
        }

        return TypedResults.NoContent();
    }

    public async Task<Results<Ok<ConfirmedServer>, ProblemHttpResult>> ConfirmAsync(
        string name,
        CancellationToken cancel
    )
    {
        if (Find(name) is not { } target)
        {
            return AdminProblem.UnknownTarget(name).ToResult();
        }

        if (!target.NeedsPerson)
        {
            return NotNeeded(target).ToResult();
        }

        await known.ForgetAsync(target, cancel);
        var found = await discovery.LookAgainAsync(target, cancel);
        if (found.Value is not { } server)
        {
            return new AdminProblem(
                StatusCodes.Status502BadGateway,
                found.Problem!.Reason,
                $"{found.Problem.Message} The server that it names next is taken."
            ).ToResult();
        }

        var (ended, _) = await people.EndAsync(
            target,
            grant => grant.Binding.AuthorizationServer != server.Issuer,
            isGone: false
        );
        return TypedResults.Ok(new ConfirmedServer(server.Issuer, ended));
    }

    private Target? Find(string name) => TargetName.TryParse(name, out var parsed) ? registry.Find(parsed) : null;

    private async Task ReadNowAsync(Target target, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        if (target.NeedsPerson)
        {
            if (target.KnownTools.Count == 0)
            {
                await grants.SynchronizeAsync(target, either.Token);
            }

            return;
        }

        states.Set(target, TargetStatus.Synchronizing);
        if (await synchronizer.SynchronizeAsync(target, either.Token))
        {
            await store.TellAsync(target.Name);
        }
    }

    private static AdminProblem NotNeeded(Target target) =>
        new(
            StatusCodes.Status409Conflict,
            ErrorCodes.NoGrantNeeded,
            target.NeedsPerson
                ? $"The tools of target '{target.Name}' were given with its definition. Nobody's grant is needed to read them."
                : $"Target '{target.Name}' needs no person's credential."
        );
}

/// <summary>
/// Answer of <c>POST /admin/targets/{name}/synchronize</c>: what has changed, as names of tools, and the same for what else is listed.
/// </summary>
internal sealed record Synchronization(
    string State,
    int ToolCount,
    IReadOnlyList<string> Added,
    IReadOnlyList<string> Removed,
    IReadOnlyList<string> Changed,
    ListDifference Prompts,
    ListDifference Resources,
    ListDifference ResourceTemplates
);

/// <summary>Answer of <c>PUT /admin/targets/{name}/catalogue-grant</c>.</summary>
/// <param name="Target">The target now.</param>
/// <param name="ConnectUrl">Where the administrator consents; null when there is nothing to consent to.</param>
/// <param name="Message">What comes next.</param>
internal sealed record Designation(TargetView Target, Uri? ConnectUrl, string? Message);

/// <summary>Answer of <c>POST /admin/targets/{name}/authorization-server/confirm</c>.</summary>
/// <param name="Issuer">The authorization server that counts from now on.</param>
/// <param name="EndedConnections">How many grants of other servers were ended.</param>
internal sealed record ConfirmedServer(string Issuer, int EndedConnections);
