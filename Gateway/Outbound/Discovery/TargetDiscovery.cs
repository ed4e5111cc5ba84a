using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Outbound.Http;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Outbound.Discovery;

/// <summary>
/// Which authorization server protects a target: from its settings, or from its challenge and protected resource metadata
/// (RFC 9728). The first answer is remembered for good: a server that changes is for an administrator to confirm.
/// </summary>
internal sealed class TargetDiscovery(
    JsonDocuments documents,
    AuthorizationServerMetadata metadata,
    KnownAuthorizationServers known,
    TimeProvider time
)
{
    private static readonly TimeSpan CacheLifetime = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<Target, (AuthorizationServer Server, long Read)> _cache = new();

    /// <summary>Finds the authorization server.</summary>
    public async Task<Outcome<AuthorizationServer>> FindAsync(Target target, CancellationToken cancel) =>
        _cache.TryGetValue(target, out var cached) && time.GetElapsedTime(cached.Read) < CacheLifetime
            ? cached.Server
            : await LookAgainAsync(target, cancel);

    /// <summary>The same past the cache: a target that refuses good tokens may have moved to another server.</summary>
    public async Task<Outcome<AuthorizationServer>> LookAgainAsync(Target target, CancellationToken cancel)
    {
        using var span = GatewayTelemetry.Start(Spans.Discover, ActivityKind.Client);
        span?.SetTag(Tags.Target, target.Name.Value);
        var found = await ConfirmedAsync(target, cancel);
        if (found.Problem is { } problem)
        {
            span?.Fail(problem.Reason);
        }

        return found;
    }

    private async Task<Outcome<AuthorizationServer>> ConfirmedAsync(Target target, CancellationToken cancel)
    {
        try
        {
            var found = await ReadAsync(target, cancel);
            if (found.Value is not { } server)
            {
                return found;
            }

            if (!await known.ConfirmAsync(target, server.Issuer, cancel))
            {
                _cache.TryRemove(target, out _);
                return Changed(target);
            }

            _cache[target] = (server, time.GetTimestamp());
            return server;
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return new OutboundProblem(
                "discovery_failed",
                $"The authorization server of target '{target.Name}' cannot be found at the moment ({exception.Message})."
            );
        }
    }

    private Task<Outcome<AuthorizationServer>> ReadAsync(Target target, CancellationToken cancel)
    {
        var settings = target.AuthorizationCode;
        var resource = settings.Resource.Length > 0 ? settings.Resource : target.Url.AbsoluteUri;
        if (settings.AuthorizationEndpoint.Length > 0)
        {
            return Task.FromResult<Outcome<AuthorizationServer>>(FromSettings(target, resource));
        }

        return settings.Issuer.Length > 0 ? FromIssuerAsync(target, resource, cancel) : FromTargetAsync(target, cancel);
    }

    /// <summary>The server is given, but what to ask it for is the target's to say: under which name, and with which scopes.</summary>
    private async Task<Outcome<AuthorizationServer>> FromIssuerAsync(
        Target target,
        string resource,
        CancellationToken cancel
    )
    {
        var settings = target.AuthorizationCode;
        var found = await metadata.ReadAsync(settings.Issuer, resource, settings.AllowWithoutPkce, cancel);
        if (found.Value is not { } server)
        {
            return found;
        }

        var (challenge, document) = await TryAskAsync(target, cancel);
        var named = document is null ? null : ResourceOf(document, target);
        return server with
        {
            Resource = settings.Resource.Length > 0 ? resource : named ?? resource,
            SuggestedScopes = challenge?.Scope ?? (named is null ? null : Scopes(document!)) ?? server.SuggestedScopes,
        };
    }

    private static AuthorizationServer FromSettings(Target target, string resource)
    {
        var settings = target.AuthorizationCode;
        var token = new Uri(settings.TokenEndpoint);
        return new AuthorizationServer
        {
            Issuer = settings.Issuer.Length > 0 ? settings.Issuer : token.GetLeftPart(UriPartial.Authority),
            AuthorizationEndpoint = new Uri(settings.AuthorizationEndpoint),
            TokenEndpoint = token,
            RevocationEndpoint = settings.RevocationEndpoint.Length > 0 ? new Uri(settings.RevocationEndpoint) : null,
            Resource = resource,
        };
    }

    private async Task<Outcome<AuthorizationServer>> FromTargetAsync(Target target, CancellationToken cancel)
    {
        var (challenge, document) = await AskAsync(target, cancel);
        if (document is not null)
        {
            return await FromMetadataAsync(target, document, challenge, cancel);
        }

        // MCP 2025-03-26 had no protected resource metadata: the server's own origin is the authorization server.
        var origin = target.Url.GetLeftPart(UriPartial.Authority);
        var legacy = await metadata.ReadAsync(
            origin,
            target.Url.AbsoluteUri,
            target.AuthorizationCode.AllowWithoutPkce,
            cancel
        );
        return legacy.Problem is { Reason: "no_metadata" }
            ? new OutboundProblem(
                "no_resource_metadata",
                $"Target '{target.Name}' publishes no protected resource metadata (RFC 9728). Set Issuer, or the endpoints, in its AuthorizationCode settings."
            )
            : legacy;
    }

    private async Task<Outcome<AuthorizationServer>> FromMetadataAsync(
        Target target,
        JsonObject document,
        BearerChallenge? challenge,
        CancellationToken cancel
    )
    {
        if (ResourceOf(document, target) is not { } resource)
        {
            return new OutboundProblem(
                "resource_mismatch",
                $"The protected resource metadata of target '{target.Name}' is about another resource than {target.Url}. It is not used."
            );
        }

        var servers = (document["authorization_servers"] as JsonArray ?? [])
            .Select(static node => node?.ToString())
            .ToList();
        if (servers.FirstOrDefault(static server => Uri.TryCreate(server, UriKind.Absolute, out _)) is not { } issuer)
        {
            return new OutboundProblem(
                "no_authorization_server",
                $"The protected resource metadata of target '{target.Name}' names no authorization server. Set Issuer in its AuthorizationCode settings."
            );
        }

        var found = await metadata.ReadAsync(
            issuer,
            target.AuthorizationCode.Resource.Length > 0 ? target.AuthorizationCode.Resource : resource,
            target.AuthorizationCode.AllowWithoutPkce,
            cancel
        );
        return found.Value is { } server
            ? server with
            {
                SuggestedScopes = challenge?.Scope ?? Scopes(document),
            }
            : found;
    }

    /// <summary>What the target says about itself: its challenge, and its protected resource metadata.</summary>
    private async Task<(BearerChallenge? Challenge, JsonObject? Metadata)> AskAsync(
        Target target,
        CancellationToken cancel
    )
    {
        var challenge = await AskForChallengeAsync(target, cancel);
        foreach (var location in MetadataLocations(target.Url, challenge))
        {
            if (await documents.TryGetAsync(location, cancel) is { } document)
            {
                return (challenge, document);
            }
        }

        return (challenge, null);
    }

    /// <summary>The same, where it is only a help.</summary>
    private async Task<(BearerChallenge? Challenge, JsonObject? Metadata)> TryAskAsync(
        Target target,
        CancellationToken cancel
    )
    {
        try
        {
            return await AskAsync(target, cancel);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return (null, null);
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
        if (Uri.TryCreate(challenge?.ResourceMetadata, UriKind.Absolute, out var named))
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

    // Null where the metadata is about something else.
    private static string? ResourceOf(JsonObject document, Target target) =>
        document["resource"]?.ToString() is { } resource && IsResourceOf(resource, target.Url) ? resource : null;

    // The target's URL, or what it lies below: a server may be one resource with several endpoints.
    internal static bool IsResourceOf(string resource, Uri target) =>
        Uri.TryCreate(resource, UriKind.Absolute, out var url)
        && url.GetLeftPart(UriPartial.Authority) == target.GetLeftPart(UriPartial.Authority)
        && url.Query.Length == 0
        && url.Fragment.Length == 0
        && (target.AbsolutePath.TrimEnd('/') + "/").StartsWith(
            url.AbsolutePath.TrimEnd('/') + "/",
            StringComparison.Ordinal
        );

    private static ScopeSet? Scopes(JsonObject document) =>
        document["scopes_supported"] is JsonArray { Count: > 0 } scopes
            ? new ScopeSet(
                scopes.Select(static scope => scope?.ToString() ?? "").Where(static scope => scope.Length > 0)
            )
            : null;

    private static OutboundProblem Changed(Target target) =>
        new(
            "authorization_server_changed",
            $"Target '{target.Name}' names another authorization server than before. Nothing is sent to it until an administrator confirms: set AuthorizationCode:Issuer, or call POST /admin/targets/{target.Name}/authorization-server/confirm."
        );
}
