using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AspireGateway.Gateway.Telemetry;

/// <summary>The gateway's one activity source and one meter, with every name that spans, metrics and logs share.</summary>
internal static class GatewayTelemetry
{
    public const string Name = "AspireGateway";

    /// <summary>Name of the MCP SDK's own source and meter.</summary>
    public const string McpSdkName = "Experimental.ModelContextProtocol";

    public static readonly ActivitySource Source = new(Name);

    public static readonly Meter Meter = new(Name);

    /// <summary>Calls that reached a decision, by target, tool and outcome.</summary>
    public static readonly Counter<long> Calls = Meter.CreateCounter<long>("aspire_gateway.calls", "{call}");

    /// <summary>Requests refused before a caller was known, by reason.</summary>
    public static readonly Counter<long> AuthFailures = Meter.CreateCounter<long>(
        "aspire_gateway.auth.failures",
        "{request}"
    );

    /// <summary>Starts the span of one call to a target; null when nobody listens.</summary>
    public static Activity? StartTargetCall(string target, string? tool, string credentialKind) =>
        Start(Spans.TargetCall, ActivityKind.Client)
            ?.SetTag(Tags.Target, target)
            .SetTag(Tags.Tool, tool)
            .SetTag(Tags.CredentialKind, credentialKind);

    /// <summary>Refreshes of third-party tokens, by outcome.</summary>
    public static readonly Counter<long> Refreshes = Meter.CreateCounter<long>(
        "aspire_gateway.vault.refreshes",
        "{refresh}"
    );

    /// <summary>Consents, by outcome: started, completed, declined.</summary>
    public static readonly Counter<long> Elicitations = Meter.CreateCounter<long>(
        "aspire_gateway.elicitations",
        "{elicitation}"
    );

    /// <summary>Starts the root of a trace of its own, linked to what caused it.</summary>
    public static Activity? StartLinked(string name, ActivityContext? cause)
    {
        Activity.Current = null;
        return Source.StartActivity(
            ActivityKind.Internal,
            parentContext: default,
            links: cause is { } context ? [new ActivityLink(context)] : null,
            name: name
        );
    }

    /// <summary>Starts a span below another that is known by its <c>traceparent</c> only, linked to the current one.</summary>
    public static Activity? StartBelow(string name, string? traceParent, ActivityKind kind = ActivityKind.Internal)
    {
        if (!ActivityContext.TryParse(traceParent, traceState: null, out var parent))
        {
            return Start(name, kind);
        }

        ActivityLink[]? links = Activity.Current is { } current ? [new ActivityLink(current.Context)] : null;
        return Source.StartActivity(kind, parent, links: links, name: name);
    }

    /// <summary>Starts a span; null when nobody listens.</summary>
    public static Activity? Start(string name, ActivityKind kind = ActivityKind.Internal) =>
        Source.StartActivity(name, kind);
}

/// <summary>Span names, in the order of the steps in <c>docs/auth-flow.md</c>.</summary>
internal static class Spans
{
    public const string Challenge = "inbound.challenge";
    public const string Metadata = "inbound.metadata";
    public const string Authenticate = "inbound.authenticate";
    public const string TargetCall = "target.call";
    public const string CatalogueSync = "catalogue.sync";
    public const string AuditAppend = "audit.append";
    public const string Authorize = "oauth.authorize";
    public const string Token = "oauth.token";
    public const string VaultRefresh = "vault.refresh";
    public const string ConsentRequired = "consent.required";
    public const string ConsentOpen = "consent.open";
    public const string ConsentBind = "consent.bind";
    public const string ConsentCallback = "consent.callback";
}

/// <summary>Tag names: OpenTelemetry's where one exists, else below <c>aspire_gateway</c>.</summary>
internal static class Tags
{
    public const string Target = "aspire_gateway.target";
    public const string Outcome = "aspire_gateway.outcome";
    public const string Reason = "aspire_gateway.reason";
    public const string Issuer = "aspire_gateway.issuer";
    public const string KeyId = "aspire_gateway.key_id";
    public const string CacheHit = "aspire_gateway.cache_hit";
    public const string CredentialKind = "aspire_gateway.credential.kind";
    public const string GrantType = "aspire_gateway.oauth.grant_type";
    public const string Tool = "gen_ai.tool.name";
    public const string McpMethod = "mcp.method.name";
}
