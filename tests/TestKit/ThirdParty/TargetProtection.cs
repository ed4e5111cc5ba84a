using System.Text.Json.Nodes;
using AspireGateway.TestKit.Targets;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.TestKit.ThirdParty;

/// <summary>Puts a <see cref="FakeTarget"/> behind a <see cref="FakeAuthorizationServer"/>: challenge, metadata, scopes of tools.</summary>
public sealed class TargetProtection
{
    private readonly FakeTarget _target;
    private readonly FakeAuthorizationServer _server;

    private TargetProtection(FakeTarget target, FakeAuthorizationServer server)
    {
        _target = target;
        _server = server;
    }

    /// <summary>Protects a target from now on.</summary>
    public static TargetProtection Protect(FakeTarget target, FakeAuthorizationServer server)
    {
        var protection = new TargetProtection(target, server);
        target.Override = protection.CheckAsync;
        return protection;
    }

    /// <summary>Scopes that tools need besides a good token.</summary>
    public IDictionary<string, string> ToolScopes { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Changes the protected resource metadata.</summary>
    public Action<JsonObject>? ChangeMetadata { get; set; }

    /// <summary>Refuses tokens that its authorization server finds good.</summary>
    public bool RefusesEverything { get; set; }

    /// <summary>Access tokens that calls of tools came with, in order.</summary>
    public IEnumerable<string> TokensOfCalls =>
        _target
            .Calls()
            .Select(static request => request.Headers.GetValueOrDefault("Authorization", ""))
            .Select(static value => value.Replace("Bearer ", "", StringComparison.Ordinal));

    private async Task<bool> CheckAsync(HttpContext context, RecordedRequest request)
    {
        if (request.Path.StartsWith("/.well-known/oauth-protected-resource", StringComparison.Ordinal))
        {
            await WriteMetadataAsync(context);
            return true;
        }

        var token = request
            .Headers.GetValueOrDefault("Authorization", "")
            .Replace("Bearer ", "", StringComparison.Ordinal);
        if (RefusesEverything || !_server.Grants.IsGood(token, out var scope))
        {
            return Challenge(context, StatusCodes.Status401Unauthorized, "scope=\"notes:read\"");
        }

        var tool = request.Body.Length == 0 ? null : JsonNode.Parse(request.Body)?["params"]?["name"]?.ToString();
        return tool is not null
            && ToolScopes.TryGetValue(tool, out var needed)
            && !scope.Split(' ').Contains(needed, StringComparer.Ordinal)
            && Challenge(context, StatusCodes.Status403Forbidden, $"error=\"insufficient_scope\", scope=\"{needed}\"");
    }

    private bool Challenge(HttpContext context, int status, string parameters)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.WWWAuthenticate =
            $"Bearer {parameters}, resource_metadata=\"{_target.BaseUrl}/.well-known/oauth-protected-resource/mcp\"";
        return true;
    }

    private Task WriteMetadataAsync(HttpContext context)
    {
        var metadata = new JsonObject
        {
            ["resource"] = _target.Url,
            ["authorization_servers"] = new JsonArray(_server.BaseUrl),
            ["scopes_supported"] = new JsonArray("notes:read"),
        };
        ChangeMetadata?.Invoke(metadata);
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(metadata.ToJsonString());
    }
}
