namespace AspireGateway.TestKit.Targets;

/// <summary>A server that the gateway calls as a target. What it asks for itself, to find the target's era and to listen, is among the requests too.</summary>
public abstract class McpTarget : LoopbackServer
{
    /// <summary>Requests of one MCP method.</summary>
    public IEnumerable<RecordedRequest> Calls(string method = "tools/call") =>
        Requests.Where(request => request.Text.Contains($"\"{method}\"", StringComparison.Ordinal));
}
