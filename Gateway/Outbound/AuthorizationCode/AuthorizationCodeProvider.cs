using AspireGateway.Gateway.Outbound.Connect;
using AspireGateway.Gateway.Outbound.Discovery;
using AspireGateway.Gateway.Outbound.Refresh;
using AspireGateway.Gateway.Targets.Credentials;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Vault;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Outbound.AuthorizationCode;

/// <summary>Steps 6 and 8 for targets that want each person's own token: from the vault, refreshed where needed, else by asking the person.</summary>
internal sealed class AuthorizationCodeProvider(
    IGrantVault vault,
    ClientConsents clients,
    ConsentRequests consents,
    WithheldScopes withheld,
    TokenRefresher refresher,
    TargetDiscovery discovery,
    IOptions<OutboundOptions> options,
    TimeProvider time
) : ICredentialProvider
{
    // A token that dies on the way to the target is no use.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    // Within this time after a consent or a refresh, a target that still refuses will not be convinced by another one.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    public string Kind => CredentialKinds.AuthorizationCode;

    public async ValueTask<CredentialResult> GetAsync(CredentialRequest request, CancellationToken cancel)
    {
        var grant =
            await UsableAsync(request, await vault.FindAsync(request.User, request.Target.Name, cancel), cancel)
            // Memory need not know yet of a consent that another replica has received: nobody is asked on its word.
            ?? await UsableAsync(request, await vault.ReadAsync(request.User, request.Target.Name, cancel), cancel);
        if (grant?.Tokens is not { } tokens)
        {
            GatewayMetrics.LookedUp("miss");
            return await AskAsync(request, scopes: null, cancel);
        }

        var now = time.GetUtcNow();
        if (tokens.ExpiresAt is { } end && now >= end - Ahead(grant, end))
        {
            if (now >= end - Margin)
            {
                GatewayMetrics.LookedUp("expired");
                return await RefreshAsync(request, grant, cancel);
            }

            if (tokens.RefreshToken is not null && !(grant.RefreshNotBefore > now))
            {
                refresher.RefreshBehind(request.Target, grant);
            }
        }

        GatewayMetrics.LookedUp("hit");
        vault.MarkUsed(grant);
        return Ready(grant);
    }

    public async ValueTask<CredentialResult> ReplaceAsync(
        CredentialRequest request,
        TargetCredential used,
        UpstreamRefusal refusal,
        CancellationToken cancel
    )
    {
        var grant = await vault.ReadAsync(request.User, request.Target.Name, cancel);
        if (grant?.Tokens is null)
        {
            return await AskAsync(request, scopes: null, cancel);
        }

        if (Version(grant) != used.Version)
        {
            // Somebody else was faster.
            return await ServeAsync(request, grant, cancel);
        }

        return refusal.Status == StatusCodes.Status403Forbidden
            ? await StepUpAsync(request, grant, refusal, cancel)
            : await RenewAsync(request, grant, cancel);
    }

    private async Task<CredentialResult> StepUpAsync(
        CredentialRequest request,
        Grant grant,
        UpstreamRefusal refusal,
        CancellationToken cancel
    )
    {
        var challenge = BearerChallenge.Parse(refusal.Challenge);
        if (
            challenge is not { Error: "insufficient_scope", Scope: { } needed }
            || grant.Tokens!.Scopes.ContainsAll(needed)
        )
        {
            return new CredentialResult.Unavailable(
                ErrorCodes.TargetDenied,
                $"Target '{request.Target.Name}' does not allow this to your account there, and no further consent would change that."
            );
        }

        return await withheld.ContainAsync(grant.Id, needed, cancel)
            ? new CredentialResult.Unavailable(
                ErrorCodes.ScopeWithheld,
                $"Target '{request.Target.Name}' needs a permission that its authorization server has just not given to your account. Ask whoever manages your account there; you will not be asked again for a while."
            )
            : await AskAsync(request, grant.Tokens.Scopes.Union(needed), cancel);
    }

    private async Task<CredentialResult> RenewAsync(CredentialRequest request, Grant grant, CancellationToken cancel)
    {
        var renewed = grant.LastRefreshedAt ?? grant.CreatedAt;
        if (time.GetUtcNow() - renewed >= Fresh)
        {
            return await RefreshAsync(request, grant, cancel);
        }

        // Tokens as good as new: perhaps the target has moved to another authorization server, which only an administrator can confirm.
        var server = await discovery.LookAgainAsync(request.Target, cancel);
        if (server.Problem is { } problem)
        {
            return new CredentialResult.Unavailable(problem.Reason, problem.Message);
        }

        var isSameServer = string.Equals(
            server.Value!.Issuer,
            grant.Binding.AuthorizationServer,
            StringComparison.Ordinal
        );
        return grant.LastRefreshedAt is null && isSameServer
            ? new CredentialResult.Unavailable(
                ErrorCodes.TargetRejectsToken,
                $"Target '{request.Target.Name}' refuses a token that its authorization server has just given. Its administrator should compare its audience and issuer with the gateway's target settings."
            )
            : await AskAsync(request with { ForceConsent = true }, scopes: null, cancel);
    }

    private async Task<CredentialResult> RefreshAsync(CredentialRequest request, Grant grant, CancellationToken cancel)
    {
        if (grant.Tokens!.RefreshToken is null)
        {
            var current = await vault.ReadAsync(request.User, request.Target.Name, cancel);
            return current?.Tokens is not null && Version(current) != Version(grant)
                ? await ServeAsync(request, current, cancel)
                : await AskAsync(request, scopes: null, cancel);
        }

        return await refresher.RefreshAsync(request.Target, grant, cancel) switch
        {
            RefreshResult.Refreshed(var renewed) => await ServeAsync(request, renewed, cancel),
            RefreshResult.Failed failed => new CredentialResult.Unavailable(
                failed.Reason,
                $"The authorization server of target '{request.Target.Name}' does not renew your access at the moment. Your consent is kept; try again later.",
                failed.RetryAfter
            ),
            _ => await AskAsync(request, scopes: null, cancel),
        };
    }

    // The person may have consented anew meanwhile, for another agent, or for another URL of the target.
    private async Task<CredentialResult> ServeAsync(CredentialRequest request, Grant grant, CancellationToken cancel) =>
        await UsableAsync(request, grant, cancel) is { } usable
            ? Ready(usable)
            : await AskAsync(request, scopes: null, cancel);

    private async Task<CredentialResult> AskAsync(CredentialRequest request, ScopeSet? scopes, CancellationToken cancel)
    {
        using var span = GatewayTelemetry.Start(Spans.ConsentRequired);
        span?.SetTag(Tags.Target, request.Target.Name.Value);
        var result = await consents.AskAsync(request, scopes, cancel);
        span?.SetTag(Tags.Reason, (result as CredentialResult.Unavailable)?.Reason);
        return result;
    }

    /// <summary>Only a grant for exactly this URL is used: an edited target is another server.</summary>
    private async ValueTask<Grant?> UsableAsync(CredentialRequest request, Grant? grant, CancellationToken cancel) =>
        grant?.Tokens is not null
        && string.Equals(grant.Binding.Resource, request.Target.Url.AbsoluteUri, StringComparison.Ordinal)
        && !MustAskAgain(request, grant)
        && await clients.IsAllowedAsync(grant, request.Client, cancel)
            ? grant
            : null;

    // A consent that is as young as a consent link answers the demand already; else the client's retry would be asked for ever.
    private bool MustAskAgain(CredentialRequest request, Grant grant) =>
        request.ForceConsent && time.GetUtcNow() - grant.CreatedAt > options.Value.ConsentLifetime;

    // Short-lived tokens would otherwise be refreshed all the time.
    private TimeSpan Ahead(Grant grant, DateTimeOffset end)
    {
        var life = end - (grant.LastRefreshedAt ?? grant.CreatedAt);
        var share = TimeSpan.FromTicks(Math.Max(life.Ticks / 5, Margin.Ticks));
        return share < options.Value.RefreshAhead ? share : options.Value.RefreshAhead;
    }

    private static CredentialResult.Ready Ready(Grant grant) =>
        new(
            new TargetCredential(
                "Authorization",
                new Secret("Bearer " + grant.Tokens!.AccessToken.Reveal()),
                Version(grant)
            )
        );

    private static string Version(Grant grant) => $"{grant.Id:N}.{grant.Generation}";
}
