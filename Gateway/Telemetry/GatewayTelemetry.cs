using System.Diagnostics;

namespace AspireGateway.Gateway.Telemetry;

/// <summary>The gateway's one activity source. Its spans are listed in <c>docs/telemetry.md</c>, which a test compares with the names.</summary>
/// <remarks>Whether a trace is recorded is the caller's decision or the SDK's sampler's; nothing here decides it anew within a trace.</remarks>
internal static class GatewayTelemetry
{
    /// <summary>Name of the source and of the meter.</summary>
    public const string Name = "AspireGateway";

    /// <summary>Name of the MCP SDK's own source and meter.</summary>
    public const string McpSdkName = "Experimental.ModelContextProtocol";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>Starts a span; null when nobody listens.</summary>
    public static Activity? Start(string name, ActivityKind kind = ActivityKind.Internal) =>
        Source.StartActivity(name, kind);

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

    /// <summary>
    /// Starts a span below another that is known by its <c>traceparent</c> only, linked to the current one: a leg through a browser belongs
    /// to the flow that it is part of, and the browser's request has a trace of its own.
    /// </summary>
    public static Activity? StartBelow(string name, string? traceParent, ActivityKind kind = ActivityKind.Internal)
    {
        if (!ActivityContext.TryParse(traceParent, traceState: null, out var parent))
        {
            return Start(name, kind);
        }

        ActivityLink[]? links = Activity.Current is { } current ? [new ActivityLink(current.Context)] : null;
        return Source.StartActivity(kind, parent, links: links, name: name);
    }

    /// <summary>Marks a span as failed, with the stable code of the reason.</summary>
    public static void Fail(this Activity span, string reason) =>
        span.SetTag(Tags.Reason, reason).SetStatus(ActivityStatusCode.Error, reason);
}
