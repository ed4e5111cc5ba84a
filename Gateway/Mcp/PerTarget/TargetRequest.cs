using System.Net;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Mcp.Sessions;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Credentials;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>
/// A client's request as its target gets it. Headers come from an allow-list, so that no credential, cookie or identity header of the
/// client reaches a target.
/// </summary>
/// <param name="Body">The message, byte for byte; empty for GET and DELETE.</param>
/// <param name="SessionId">The target's own id of the session, where there is one.</param>
/// <param name="Credential">What the target wants to see; null where it wants nothing.</param>
internal readonly record struct TargetRequest(
    ReadOnlyMemory<byte> Body,
    string? SessionId,
    TargetCredential? Credential = null
)
{
    private static readonly string[] AllowedHeaders =
    [
        HeaderNames.Accept,
        HeaderNames.AcceptLanguage,
        HeaderNames.UserAgent,
        RevisionRules.Header,
        HeaderAgreement.MethodHeader,
        HeaderAgreement.NameHeader,
        "Last-Event-ID",
    ];

    /// <summary>The request, of which one can be sent.</summary>
    public HttpRequestMessage ToMessage(HttpContext context, Target target)
    {
        var message = new HttpRequestMessage(HttpMethod.Parse(context.Request.Method), target.Url)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        AddBody(message, context.Request.Headers.ContentType.ToString());
        AddHeaders(message, context.Request.Headers);
        if (SessionId is not null)
        {
            message.Headers.TryAddWithoutValidation(ClientSessions.Header, SessionId);
        }

        // Last, so that nothing which a client sent can stand in its place.
        if (Credential is not null)
        {
            message.Headers.Remove(Credential.Header);
            message.Headers.TryAddWithoutValidation(Credential.Header, Credential.Value.Reveal());
        }

        return message;
    }

    // With its length, so that head and body leave in one piece. A copy, because a connection may still read it when the call is over,
    // and the buffer is another caller's then.
    private void AddBody(HttpRequestMessage message, string contentType)
    {
        if (!Body.IsEmpty)
        {
            message.Content = new ByteArrayContent(Body.ToArray());
            message.Content.Headers.TryAddWithoutValidation(HeaderNames.ContentType, contentType);
        }
    }

    private static void AddHeaders(HttpRequestMessage message, IHeaderDictionary headers)
    {
        foreach (var name in AllowedHeaders)
        {
            if (headers.TryGetValue(name, out var values))
            {
                Add(message, name, values);
            }
        }

        foreach (var (name, values) in headers)
        {
            if (
                name.StartsWith(ParameterHeader.Prefix, StringComparison.OrdinalIgnoreCase)
                && !name.Contains('_', StringComparison.Ordinal)
            )
            {
                Add(message, name, values);
            }
        }
    }

    private static void Add(HttpRequestMessage message, string name, StringValues values)
    {
        if (values is [var only])
        {
            message.Headers.TryAddWithoutValidation(name, only);
        }
        else
        {
            message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
    }
}
