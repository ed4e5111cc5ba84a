using ModelContextProtocol.Protocol;

namespace AspireGateway.TestClient.Running;

/// <summary>What a run has found out so far; it is reported also when the run fails half way.</summary>
internal sealed class RunReport
{
    /// <summary>Trace id of the run.</summary>
    public required string Trace { get; init; }

    /// <summary>The server's name, version and MCP revision.</summary>
    public ServerFacts? Server { get; set; }

    /// <summary>Whether the server wanted a token and got one.</summary>
    public bool SignedIn { get; set; }

    /// <summary>Who signed in, where this program knows it.</summary>
    public string? User { get; set; }

    /// <summary>The tools, once they are listed.</summary>
    public IReadOnlyList<Tool>? Tools { get; set; }

    /// <summary>The tool call, once it is answered.</summary>
    public ToolOutcome? Call { get; set; }

    /// <summary>Why the run has failed.</summary>
    public ClientFailure? Failure { get; set; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; set; }
}

/// <summary>Who answered.</summary>
internal sealed record ServerFacts(string Name, string Version, string? ProtocolVersion);

/// <summary>A tool and its answer.</summary>
internal sealed record ToolOutcome(string Tool, CallToolResult Result);
