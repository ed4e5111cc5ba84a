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

        return refusals.RefuseAsync(
            context,
            authorizeResult.Challenged ? WhyUnauthenticated(context) : Refusal.InsufficientScope(_requiredScopes)
        );
    }

    private static Refusal WhyUnauthenticated(HttpContext context) =>
        context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Failure is RefusedTokenException refused
            ? refused.Refusal
            : Refusal.MissingToken;
}
