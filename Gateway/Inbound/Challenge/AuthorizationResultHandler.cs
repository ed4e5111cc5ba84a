using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Inbound.Challenge;

/// <summary>Step 2 and the scope part of step 4: turns "no caller" and "not enough scope" into the answers that MCP clients understand.</summary>
internal sealed class AuthorizationResultHandler(RefusalWriter refusals, IOptions<InboundOptions> options)
    : IAuthorizationMiddlewareResultHandler
{
    private readonly ScopeSet _requiredScopes = ScopeSet.Parse(options.Value.RequiredScopes);

    public Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult
    )
    {
        if (authorizeResult.Succeeded)
        {
            return next(context);
        }

        var needed = context.GetApiMetadata()?.Scopes ?? _requiredScopes;
        return refusals.RefuseAsync(
            context,
            authorizeResult.Challenged
                ? (context.Features.Get<Refusal>() ?? Refusal.MissingToken) with
                {
                    NeededScopes = needed,
                }
                : Refusal.InsufficientScope(needed)
        );
    }
}
