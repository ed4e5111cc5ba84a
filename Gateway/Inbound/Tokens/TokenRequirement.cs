using Microsoft.AspNetCore.Authorization;

namespace AspireGateway.Gateway.Inbound.Tokens;

/// <summary>
/// A valid access token with these scopes: the only requirement of every endpoint that is not anonymous. <see cref="CallerEvaluator"/>
/// decides on it.
/// </summary>
internal sealed class TokenRequirement(ScopeSet scopes) : IAuthorizationRequirement
{
    public ScopeSet Scopes => scopes;
}
