using System.Diagnostics;
using AspireGateway.Gateway.Audit;
using AspireGateway.Gateway.Telemetry;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Inbound.Challenge;

/// <summary>
/// Answers a refused request: challenge (RFC 6750 §3, RFC 9728 §5.1), JSON-RPC or problem details as body, one audit record, metric and span.
/// The only way in which the gateway says no over HTTP.
/// </summary>
internal sealed class RefusalWriter(
    IOptions<GatewayOptions> gateway,
    IOptions<InboundOptions> inbound,
    ScopeNames scopeNames,
    IProtectedResources resources,
    IAuditLog audit,
    TimeProvider time,
    ILogger<RefusalWriter> logger
)
{
    private readonly string _realmAndMetadata = gateway.Value.Absolute(Metadata.MetadataEndpoints.Path);
    private readonly ScopeSet _requiredScopes = ScopeSet.Parse(inbound.Value.RequiredScopes);

    /// <summary>Refuses a request whose body was not read, or whose <c>id</c> is not known.</summary>
    public Task RefuseAsync(HttpContext context, Refusal refusal) =>
        RefuseAsync(context, refusal, id: default, JsonRpcCodes.Refused, context.Request.Method, name: null);

    /// <summary>Refuses a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="refusal">Why.</param>
    /// <param name="id">JSON-RPC id as it stands in the body; empty when there is none.</param>
    /// <param name="code">JSON-RPC error code.</param>
    /// <param name="method">MCP method for the record, or the HTTP method.</param>
    /// <param name="name">Tool, prompt or resource that was asked for.</param>
    public async Task RefuseAsync(
        HttpContext context,
        Refusal refusal,
        ReadOnlyMemory<byte> id,
        int code,
        string? method,
        string? name
    )
    {
        using var span = GatewayTelemetry.Start(Spans.Challenge);
        span?.Fail(refusal.Reason);
        GatewayMetrics.Refused(refusal.Status, refusal.Reason);
        logger.Refused(refusal.Reason, refusal.Status, refusal.Message);

        Record(context, refusal, method, name);
        if (refusal.HasChallenge)
        {
            context.Response.Headers.WWWAuthenticate = Challenge(context, refusal);
        }

        if (refusal.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString();
        }

        context.Response.Headers.CacheControl = "no-store";
        if (context.GetApiMetadata() is not null)
        {
            await Problems.Of(refusal.Status, refusal.Reason, refusal.Message).ExecuteAsync(context);
            return;
        }

        await context.WriteErrorAsync(refusal.Status, id, code, refusal.Reason, refusal.Message);
    }

    private void Record(HttpContext context, Refusal refusal, string? method, string? name)
    {
        var caller = context.GetCaller();
        var intent = context.Features.Get<OpenIntent>();
        var isOutcome = intent?.TryEnd() is true;
        audit.Add(
            new AuditRecord
            {
                Kind = isOutcome ? RecordKinds.Outcome : RecordKinds.Decision,
                Call = isOutcome ? intent!.Call : null,
                Time = time.GetUtcNow(),
                Decision = "refused",
                Reason = refusal.Reason,
                Rule = refusal.NeededScopes is { } needed && refusal.HasCaller ? $"scopes: {needed}" : null,
                User = caller?.User.ToString(),
                Client = caller?.ClientId,
                Method = method,
                Target = context.GetRouteTarget()?.Value,
                Name = name,
                Status = refusal.Status,
                TraceId = Activity.Current?.TraceId.ToHexString(),
            }
        );
    }

    private string Challenge(HttpContext context, Refusal refusal)
    {
        var error = refusal.OAuthError is { } code
            ? $"error=\"{code}\", error_description=\"{Quotable(refusal.Message)}\", "
            : "";
        var scope = scopeNames.Advertise(refusal.NeededScopes ?? _requiredScopes);
        return $"Bearer {error}scope=\"{scope}\", resource_metadata=\"{MetadataUrl(context)}\"";
    }

    private string MetadataUrl(HttpContext context) =>
        context.GetRouteTarget() is { } target && resources.Exists(target)
            ? $"{_realmAndMetadata}{GatewayOptions.McpPath}/{target}"
            : _realmAndMetadata + GatewayOptions.McpPath;

    // error_description excludes quotes, backslashes and everything beyond ASCII (RFC 6750 §3).
    private static string Quotable(string text) =>
        string.Create(
            text.Length,
            text,
            static (buffer, source) =>
            {
                for (var i = 0; i < source.Length; i++)
                {
                    buffer[i] = source[i] is < ' ' or > '~' or '"' or '\\' ? '\'' : source[i];
                }
            }
        );
}
