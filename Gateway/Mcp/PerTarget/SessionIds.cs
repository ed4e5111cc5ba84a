using System.Security.Cryptography;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Mcp.Sessions;
using AspireGateway.Gateway.Targets;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>The target's own session of a request; its id is null when the client has none.</summary>
internal sealed record UpstreamSession(string? Id)
{
    public static readonly UpstreamSession None = new((string?)null);
}

/// <summary>
/// Seals the session ids of targets that speak a revision with sessions, bound to user and target with its URL: another user who learns
/// such an id cannot use it, and another server never sees it. Every replica has the key.
/// </summary>
internal sealed class SessionIds(IDataProtectionProvider protection)
{
    /// <summary>What a client is told whose session is not known.</summary>
    public const string Unknown =
        "This session does not exist, has ended, or is another user's. Send initialize again.";

    /// <summary>The id that the client gets for a target's session.</summary>
    public string Wrap(HttpContext context, Target target, string upstreamId) =>
        WebEncoders.Base64UrlEncode(Protector(context, target).Protect(System.Text.Encoding.UTF8.GetBytes(upstreamId)));

    /// <summary>Finds the target's session of a request.</summary>
    /// <returns>False when the client sent an id that is not one of this user's for this target.</returns>
    public bool TryUnwrap(HttpContext context, Target target, out UpstreamSession session)
    {
        session = UpstreamSession.None;
        var header = context.Request.Headers[ClientSessions.Header];
        if (header.Count == 0)
        {
            return true;
        }

        try
        {
            var sealedId = WebEncoders.Base64UrlDecode(header.ToString());
            session = new UpstreamSession(
                System.Text.Encoding.UTF8.GetString(Protector(context, target).Unprotect(sealedId))
            );
            return true;
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return false;
        }
    }

    private IDataProtector Protector(HttpContext context, Target target)
    {
        var user =
            context.GetCaller()?.User
            ?? throw new InvalidOperationException("Sessions exist only for authenticated callers.");
        return protection.CreateProtector(
            "mcp-session",
            target.Name.Value,
            target.Url.AbsoluteUri,
            user.Issuer,
            user.Subject
        );
    }
}
