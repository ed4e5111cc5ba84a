using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Mcp.Sessions;
using AspireGateway.Gateway.Targets;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>The target's own session of a request; its id is null when the client has none.</summary>
internal sealed record UpstreamSession(string? Id)
{
    public static readonly UpstreamSession None = new((string?)null);
}

/// <summary>
/// Seals the session ids of targets that speak a revision with sessions, bound to user and target with its URL, and with the time at
/// which they end: another user who learns such an id cannot use it, and another server never sees it. Every replica has the key.
/// </summary>
internal sealed class SessionIds(IDataProtectionProvider protection, IOptions<McpOptions> options, TimeProvider time)
{
    /// <summary>What a client is told whose session is not known.</summary>
    public const string Unknown =
        "This session does not exist, has ended, or is another user's. Send initialize again.";

    /// <summary>What a client is told that does not name its session.</summary>
    public const string Missing =
        "This target has sessions. Send the Mcp-Session-Id that initialize was answered with, or initialize first.";

    // Opening a seal costs more than all other checks of a request together.
    private const int Remembered = 10_000;

    private readonly IDataProtector _protector = protection.CreateProtector("mcp-session");
    private readonly ConcurrentDictionary<string, SealedSession> _opened = new(StringComparer.Ordinal);
    private readonly ConditionalWeakTable<Target, object> _targetsWithSessions = [];

    /// <summary>The id that the client gets for a target's session. One that it has already stays as it is, with its end.</summary>
    public string Wrap(HttpContext context, Target target, string upstreamId)
    {
        MarkAsHavingSessions(target);
        var sent = context.Request.Headers[ClientSessions.Header].ToString();
        var known = sent.Length > 0 ? Open(sent) : null;
        if (known is not null && string.Equals(known.Id, upstreamId, StringComparison.Ordinal))
        {
            return sent;
        }

        var user = UserOf(context);
        var session = new SealedSession(
            target.Name.Value,
            target.Url.AbsoluteUri,
            user.Issuer,
            user.Subject,
            upstreamId,
            known?.ExpiresAt ?? time.GetUtcNow() + options.Value.SessionLifetime
        );
        return WebEncoders.Base64UrlEncode(_protector.Protect(session.Write()));
    }

    /// <summary>Finds the target's session of a request.</summary>
    /// <returns>False when the client sent an id that is not one of this user's for this target, or whose time is over.</returns>
    public bool TryUnwrap(HttpContext context, Target target, out UpstreamSession session)
    {
        session = UpstreamSession.None;
        var header = context.Request.Headers[ClientSessions.Header];
        if (header.Count == 0)
        {
            return true;
        }

        if (header is not [{ } only] || Open(only) is not { } opened || !IsFor(opened, context, target))
        {
            return false;
        }

        session = new UpstreamSession(opened.Id);
        return true;
    }

    /// <summary>
    /// Whether a request must name a session and does not. That a target has sessions is learned from its answers; before, and for
    /// revisions without sessions, the target itself says what it misses.
    /// </summary>
    public bool IsMissing(HttpContext context, Target target, McpRequest request) =>
        !context.Request.Headers.ContainsKey(ClientSessions.Header)
        && request.Method is not ("initialize" or "server/discover")
        && !RevisionRules.IsModern(context.Request, request)
        && _targetsWithSessions.TryGetValue(target, out _);

    /// <summary>Remembers that a target answers <c>initialize</c> with a session.</summary>
    public void MarkAsHavingSessions(Target target) => _targetsWithSessions.GetValue(target, static _ => new object());

    private bool IsFor(SealedSession session, HttpContext context, Target target)
    {
        var user = UserOf(context);
        return session.ExpiresAt > time.GetUtcNow()
            && string.Equals(session.Target, target.Name.Value, StringComparison.Ordinal)
            && string.Equals(session.Url, target.Url.AbsoluteUri, StringComparison.Ordinal)
            && string.Equals(session.Issuer, user.Issuer, StringComparison.Ordinal)
            && string.Equals(session.Subject, user.Subject, StringComparison.Ordinal);
    }

    private SealedSession? Open(string text)
    {
        if (_opened.TryGetValue(text, out var known))
        {
            return known;
        }

        try
        {
            var session = SealedSession.Read(_protector.Unprotect(WebEncoders.Base64UrlDecode(text)));
            if (_opened.Count >= Remembered)
            {
                _opened.Clear();
            }

            return _opened[text] = session;
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or IOException)
        {
            return null;
        }
    }

    private static UserId UserOf(HttpContext context) =>
        context.GetCaller()?.User
        ?? throw new InvalidOperationException("Sessions exist only for authenticated callers.");
}
