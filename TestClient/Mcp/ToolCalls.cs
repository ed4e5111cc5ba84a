using System.Diagnostics;
using System.Globalization;
using AspireGateway.TestClient.Flow;
using AspireGateway.TestClient.Output;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AspireGateway.TestClient.Mcp;

/// <summary>Lists and calls tools, each under a span of its own.</summary>
internal static class ToolCalls
{
    /// <summary>All tools of the server.</summary>
    public static async Task<IReadOnlyList<Tool>> ListAsync(McpClient client, CancellationToken cancellationToken)
    {
        using var span = ClientTelemetry.Source.StartActivity(ClientTelemetry.ListTools, ActivityKind.Client);
        var tools = await client.ListToolsAsync(cancellationToken: cancellationToken);
        span?.SetTag("mcp.method.name", "tools/list");
        return [.. tools.Select(static tool => tool.ProtocolTool)];
    }

    /// <summary>Finds a tool by its exact name.</summary>
    /// <exception cref="ClientFailure">There is none; the failure says which ones are near.</exception>
    public static Tool Find(IReadOnlyCollection<Tool> tools, string name)
    {
        if (tools.FirstOrDefault(tool => tool.Name == name) is { } found)
        {
            return found;
        }

        var near = Suggestions.For(name, tools.Select(static tool => tool.Name));
        throw new ClientFailure(
            $"There is no tool '{name}'.",
            near.Count > 0 ? $"Did you mean {string.Join(" or ", near)}?"
                : tools.Count == 0 ? "The server lists no tools at all for you."
                : $"The server has: {string.Join(", ", tools.Select(static tool => tool.Name))}."
        );
    }

    /// <summary>Calls a tool, notes its progress, and takes the person to a consent where the call needs one.</summary>
    public static async Task<ToolOutcome> CallAsync(
        Connection connection,
        string tool,
        IReadOnlyDictionary<string, object?> arguments,
        FlowLog log,
        CancellationToken cancellationToken
    )
    {
        using var span = ClientTelemetry.Source.StartActivity(ClientTelemetry.CallTool, ActivityKind.Client);
        span?.SetTag("mcp.method.name", "tools/call").SetTag("gen_ai.tool.name", tool);
        var (result, asked) = await connection.Consents.CallAsync(
            tool,
            cancel =>
                connection.Client.CallToolAsync(tool, arguments, new ProgressNotes(log), cancellationToken: cancel),
            cancellationToken
        );
        if (result.IsError is true)
        {
            span?.SetStatus(ActivityStatusCode.Error);
        }

        return new(tool, result, asked);
    }

    private sealed class ProgressNotes(FlowLog log) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value)
        {
            var of = value.Total is { } total ? string.Create(CultureInfo.InvariantCulture, $" of {total}") : "";
            var message = value.Message is null ? "" : $": {Printable.OneLine(value.Message)}";
            log.Add(
                new(FlowStep.A10, "progress")
                {
                    Note = string.Create(CultureInfo.InvariantCulture, $"{value.Progress}{of}{message}"),
                }
            );
        }
    }
}

/// <summary>A tool and its answer.</summary>
/// <param name="Tool">Name of the tool.</param>
/// <param name="Result">What it answered.</param>
/// <param name="AskedForConsent">Whether the person had to consent at a third party first.</param>
internal sealed record ToolOutcome(string Tool, CallToolResult Result, bool AskedForConsent);
