using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace AspireGateway.Gateway.Inbound;

/// <summary>Who calls, as a validated access token says. Never built from anything else that a client sends.</summary>
/// <param name="User">The person, or the machine account, that the token stands for.</param>
/// <param name="ClientId">OAuth client that the token was issued to; empty when the provider does not say.</param>
/// <param name="Scopes">Scopes of the token, spelled as challenges spell them.</param>
/// <param name="Audiences">Resources that the token is for (<c>aud</c>), or the gateway's own where the issuer is configured so.</param>
/// <param name="ExpiresAt">End of the token's life.</param>
internal sealed record Caller(
    UserId User,
    string ClientId,
    ScopeSet Scopes,
    IReadOnlyList<string> Audiences,
    DateTimeOffset ExpiresAt
)
{
    /// <summary>The caller of a gateway that lets everybody in.</summary>
    public static Caller Anonymous(string resource, string scopes) =>
        new(new UserId("anonymous", "anonymous"), "", ScopeSet.Parse(scopes), [resource], DateTimeOffset.MaxValue);

    private ClaimsPrincipal? _principal;
    private AuthenticateResult? _authenticated;

    /// <summary>The principal that ASP.NET Core carries around for this caller; one for all requests, so never to be changed.</summary>
    public ClaimsPrincipal Principal => _principal ??= new ClaimsPrincipal(new CallerIdentity(this));

    /// <summary>The same as ASP.NET Core's result of an authentication.</summary>
    public AuthenticateResult Authenticated =>
        _authenticated ??= AuthenticateResult.Success(new AuthenticationTicket(Principal, CallerIdentity.Type));
}

/// <summary>The identity of a <see cref="Caller"/>; holds the issuer and subject and nothing else of the token.</summary>
internal sealed class CallerIdentity(Caller caller)
    : ClaimsIdentity([new Claim("sub", caller.User.ToString())], Type, "sub", roleType: null)
{
    /// <summary>How callers are authenticated.</summary>
    public const string Type = "Bearer";

    public Caller Caller { get; } = caller;
}

internal static class CallerExtensions
{
    /// <summary>The authenticated caller of a request; null on anonymous endpoints.</summary>
    public static Caller? GetCaller(this HttpContext context) => (context.User.Identity as CallerIdentity)?.Caller;
}
