using System.Diagnostics;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Inbound.Challenge;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Policies;
using AspireGateway.Gateway.Telemetry;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Mcp;

/// <summary>Step 4: whether a caller may call a tool, and whether it is shown to them.</summary>
internal sealed class ToolAccess(ToolScopes toolScopes, IOptions<InboundOptions> inbound)
{
    private readonly ScopeSet _everyRequest = ScopeSet.Parse(inbound.Value.RequiredScopes);

    // Where nobody has a token, nobody could step up.
    private readonly bool _everybodyMay = inbound.Value.AllowAnonymous;

    /// <summary>Returns why a request is refused, or null. The refusal names every scope that the operation needs.</summary>
    public Refusal? Check(Caller caller, McpRequest request)
    {
        if (_everybodyMay || request is not { Target: { } target, Tool: { } tool })
        {
            return null;
        }

        using var span = GatewayTelemetry.Start(Spans.PolicyAuthorize);
        var needed = toolScopes.Needed(target, tool);
        var refusal = caller.Scopes.ContainsAll(needed)
            ? null
            : Refusal.InsufficientScope(new ScopeSet([.. _everyRequest.Values, .. needed.Values]));
        Tell(span, target, tool, needed.Values.Count == 0 ? "none" : "tool_scopes", refusal);
        return refusal;
    }

    private static void Tell(Activity? span, TargetName target, string tool, string rule, Refusal? refusal)
    {
        var decision = refusal is null ? "allow" : "deny";
        GatewayMetrics.Decided(decision, rule, target.Value);
        span?.SetTag(Tags.Target, target.Value)
            .SetTag(Tags.Tool, tool)
            .SetTag(Tags.Decision, decision)
            .SetTag(Tags.Rule, rule)
            .SetTag(Tags.Mode, "enforce");
        if (refusal is not null)
        {
            span?.Fail(refusal.Reason);
        }
    }

    /// <summary>The rule that a call was held to besides the scopes of every request; null where there is none.</summary>
    public string? RuleOf(McpRequest request) =>
        !_everybodyMay
        && request is { Target: { } target, Tool: { } tool }
        && toolScopes.Needed(target, tool) is { Values.Count: > 0 } needed
            ? $"ToolScopes: {needed}"
            : null;

    /// <summary>Whether lists of this target depend on who asks.</summary>
    public bool FiltersListOf(TargetName target) =>
        !_everybodyMay && !toolScopes.ListBeforeStepUp && toolScopes.Concern(target);

    /// <summary>Whether <c>tools/list</c> shows a tool to a caller.</summary>
    public bool IsListed(Caller caller, TargetName target, JsonObject tool) =>
        toolScopes.ListBeforeStepUp
        || caller.Scopes.ContainsAll(toolScopes.Needed(target, tool["name"]!.GetValue<string>()));
}
