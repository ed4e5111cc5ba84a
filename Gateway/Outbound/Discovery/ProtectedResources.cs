using System.Net.Http.Headers;
using System.Text;
using AspireGateway.Gateway.Outbound.Http;
using AspireGateway.Gateway.Targets;

namespace AspireGateway.Gateway.Outbound.Discovery;

/// <summary>Asks targets what they say about themselves: their challenge, and their protected resource metadata (RFC 9728).</summary>
internal sealed class ProtectedResources(JsonDocuments documents)
{
    /// <summary>Asks a target.</summary>
    /// <exception cref="HttpRequestException">It does not answer, or a URL is refused.</exception>
    public async Task<ProtectedResource> AskAsync(Target target, CancellationToken cancel)
    {
        var challenge = await AskForChallengeAsync(target, cancel);
        foreach (var location in MetadataLocations(target.Url, challenge))
        {
            if (await documents.TryGetAsync(location, cancel) is { } metadata)
            {
                return new ProtectedResource(target.Url, challenge, metadata);
            }
        }

        return new ProtectedResource(target.Url, challenge, Metadata: null);
    }

    /// <summary>The same, where it is only a help; null when the target does not answer.</summary>
    public async Task<ProtectedResource?> TryAskAsync(Target target, CancellationToken cancel)
    {
        try
        {
            return await AskAsync(target, cancel);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>A request without a token, which a protected target answers with its challenge.</summary>
    private async Task<BearerChallenge?> AskForChallengeAsync(Target target, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Url)
        {
            Content = new StringContent(
                """{"jsonrpc":"2.0","id":"discovery","method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}""",
                Encoding.UTF8,
                "application/json"
            ),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "tools/list");
        var answer = await documents.SendAsync(request, cancel);
        return BearerChallenge.Parse(answer.Challenge);
    }

    // The challenge's own URL first, then the path-inserted one, then the root.
    private static IEnumerable<Uri> MetadataLocations(Uri target, BearerChallenge? challenge)
    {
        const string WellKnown = "/.well-known/oauth-protected-resource";
        // A path alone would be the URL of a file on some systems.
        if (
            Uri.TryCreate(challenge?.ResourceMetadata, UriKind.Absolute, out var named)
            && named.Scheme is "https" or "http"
        )
        {
            yield return named;
            yield break;
        }

        var origin = target.GetLeftPart(UriPartial.Authority);
        if (target.AbsolutePath.TrimEnd('/') is { Length: > 0 } path)
        {
            yield return new Uri(origin + WellKnown + path);
        }

        yield return new Uri(origin + WellKnown);
    }
}
