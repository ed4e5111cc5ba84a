using System.Security.Claims;

namespace AspireGateway.SampleMcpServer.Protection;

/// <summary>What is read from an access token.</summary>
internal static class CallerClaims
{
    public const string SubjectClaim = "sub";
    private const string ScopeClaim = "scope";

    /// <summary>Who calls. There is one issuer, so the subject alone tells people apart.</summary>
    public static string Subject(this ClaimsPrincipal user) =>
        user.FindFirst(SubjectClaim)?.Value
        ?? throw new InvalidOperationException("Tokens without a subject are refused before anything is called.");

    /// <summary>Whether the token has all of <paramref name="needed"/>.</summary>
    public static bool HasScopes(this ClaimsPrincipal user, IEnumerable<string> needed)
    {
        var granted = user.FindAll(ScopeClaim).SelectMany(static claim => claim.Value.Split(' '));
        return !needed.Except(granted, StringComparer.Ordinal).Any();
    }
}
