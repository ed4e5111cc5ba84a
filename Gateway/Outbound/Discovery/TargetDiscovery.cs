using System.Collections.Concurrent;
using System.Diagnostics;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Outbound.Discovery;

/// <summary>
/// Which authorization server protects a target: from its settings, or from its challenge and protected resource metadata
/// (RFC 9728). The first answer is remembered for good: a server that changes is for an administrator to confirm.
/// </summary>
internal sealed class TargetDiscovery(
    ProtectedResources resources,
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
                ErrorCodes.DiscoveryFailed,
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

        var said = await resources.TryAskAsync(target, cancel);
        return server with
        {
            Resource = settings.Resource.Length > 0 ? resource : said?.Resource ?? resource,
            SuggestedScopes = said?.Scopes ?? server.SuggestedScopes,
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
        var said = await resources.AskAsync(target, cancel);
        if (said.HasMetadata)
        {
            return await FromMetadataAsync(target, said, cancel);
        }

        // MCP 2025-03-26 had no protected resource metadata: the server's own origin is the authorization server.
        var origin = target.Url.GetLeftPart(UriPartial.Authority);
        var legacy = await metadata.ReadAsync(
            origin,
            target.Url.AbsoluteUri,
            target.AuthorizationCode.AllowWithoutPkce,
            cancel
        );
        return legacy.Problem is { Reason: ErrorCodes.NoMetadata }
            ? new OutboundProblem(
                ErrorCodes.NoResourceMetadata,
                $"Target '{target.Name}' publishes no protected resource metadata (RFC 9728). Set Issuer, or the endpoints, in its AuthorizationCode settings."
            )
            : legacy;
    }

    private async Task<Outcome<AuthorizationServer>> FromMetadataAsync(
        Target target,
        ProtectedResource said,
        CancellationToken cancel
    )
    {
        if (said.Resource is not { } resource)
        {
            return new OutboundProblem(
                ErrorCodes.ResourceMismatch,
                $"The protected resource metadata of target '{target.Name}' is about another resource than {target.Url}. It is not used."
            );
        }

        if (said.Issuer is not { } issuer)
        {
            return new OutboundProblem(
                ErrorCodes.NoAuthorizationServer,
                $"The protected resource metadata of target '{target.Name}' names no authorization server. Set Issuer in its AuthorizationCode settings."
            );
        }

        var settings = target.AuthorizationCode;
        var found = await metadata.ReadAsync(
            issuer,
            settings.Resource.Length > 0 ? settings.Resource : resource,
            settings.AllowWithoutPkce,
            cancel
        );
        return found.Value is { } server ? server with { SuggestedScopes = said.Scopes } : found;
    }

    private static OutboundProblem Changed(Target target) =>
        new(
            ErrorCodes.AuthorizationServerChanged,
            $"Target '{target.Name}' names another authorization server than before. Nothing is sent to it until an administrator confirms: set AuthorizationCode:Issuer, or call POST /admin/targets/{target.Name}/authorization-server/confirm."
        );
}
