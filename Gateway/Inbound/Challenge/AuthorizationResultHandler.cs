using AspireGateway.Gateway.Inbound.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Inbound.Challenge;

/// <summary>Step 2 and the scope part of step 4: turns "no caller" and "not enough scope" into the answers that MCP clients understand.</summary>
internal sealed class AuthorizationResultHandler(RefusalWriter refusals, IOptions<InboundOptions> options)
    : IAuthorizationMiddlewareResultHandler
{
    private readonly ScopeSet _requiredScopes = ScopeSet.Parse(options.Value.RequiredScopes);

    public async Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult
    )
    {
        if (authorizeResult.Succeeded)
        {
            await next(context);
            return;
        }

        var needed = context.GetApiMetadata()?.Scopes ?? _requiredScopes;
        var refusal = authorizeResult.Challenged
            ? await WhyUnauthenticatedAsync(context) with
            {
                NeededScopes = needed,
            }
            : Refusal.InsufficientScope(needed);
        await refusals.RefuseAsync(context, refusal);
    }

    // The middleware keeps only successes; the scheme remembers its result for the length of the request.
    private static async Task<Refusal> WhyUnauthenticatedAsync(HttpContext context) =>
        (await context.AuthenticateAsync(AccessTokenHandler.Scheme)).Failure is RefusedTokenException refused
            ? refused.Refusal
            : Refusal.MissingToken;
}
