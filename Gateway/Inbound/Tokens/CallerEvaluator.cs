using AspireGateway.Gateway.Inbound.Challenge;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace AspireGateway.Gateway.Inbound.Tokens;

/// <summary>
/// How <c>UseAuthorization</c> learns who calls and whether they may. The framework's own evaluator makes a handler, a ticket, a context and
/// a list of requirements for each request, which cost as much as reading and checking its body.
/// </summary>
internal sealed class CallerEvaluator(AccessTokens tokens) : IPolicyEvaluator
{
    private static readonly Task<PolicyAuthorizationResult> Allowed = Task.FromResult(
        PolicyAuthorizationResult.Success()
    );
    private static readonly Task<PolicyAuthorizationResult> Challenged = Task.FromResult(
        PolicyAuthorizationResult.Challenge()
    );
    private static readonly Task<PolicyAuthorizationResult> Forbidden = Task.FromResult(
        PolicyAuthorizationResult.Forbid()
    );

    /// <summary>Finds the caller. Why there is none is left as the request's <see cref="Refusal"/> feature.</summary>
    public async Task<AuthenticateResult> AuthenticateAsync(AuthorizationPolicy policy, HttpContext context)
    {
        // An endpoint for everybody does not look at tokens.
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return AuthenticateResult.NoResult();
        }

        var (caller, refusal) = await tokens.FindCallerAsync(context);
        if (caller is null)
        {
            context.Features.Set(refusal);
            return AuthenticateResult.NoResult();
        }

        context.User = caller.Principal;
        return caller.Authenticated;
    }

    public Task<PolicyAuthorizationResult> AuthorizeAsync(
        AuthorizationPolicy policy,
        AuthenticateResult authenticationResult,
        HttpContext context,
        object? resource
    )
    {
        if (context.GetCaller() is not { } caller)
        {
            return Challenged;
        }

        foreach (var requirement in policy.Requirements)
        {
            if (requirement is not TokenRequirement { Scopes: var needed })
            {
                throw new InvalidOperationException(
                    $"{requirement.GetType().Name} is not decided on here; endpoints need {nameof(TokenRequirement)}."
                );
            }

            if (!caller.Scopes.ContainsAll(needed))
            {
                return Forbidden;
            }
        }

        return Allowed;
    }
}
