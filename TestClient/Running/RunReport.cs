using AspireGateway.TestClient.Mcp;
using AspireGateway.TestClient.Tour;
using ModelContextProtocol.Protocol;

namespace AspireGateway.TestClient.Running;

/// <summary>What a run has found out so far; it is reported also when the run fails half way.</summary>
internal sealed class RunReport
{
    /// <summary>Trace id of the run.</summary>
    public required string Trace { get; init; }

    /// <summary>Its page in the dashboard, where the dashboard is known.</summary>
    public Uri? TracePage { get; init; }

    /// <summary>The server's name, version and MCP revision.</summary>
    public ServerFacts? Server { get; set; }

    /// <summary>Whether the server wanted a token and got one.</summary>
    public bool SignedIn { get; set; }

    /// <summary>Who signed in, where this program knows it.</summary>
    public string? User { get; set; }

    /// <summary>The tools, once they are listed.</summary>
    public IReadOnlyList<Tool>? Tools { get; set; }

    /// <summary>The tool calls that have been answered.</summary>
    public IList<ToolOutcome> Calls { get; } = [];

    /// <summary>How each feature went, after a tour.</summary>
    public IReadOnlyList<TourCell>? Tour { get; set; }

    /// <summary>How many times somebody has consented at a third party.</summary>
    public int Consents { get; set; }

    /// <summary>The scopes of the access token, for the command that is about nothing else.</summary>
    public string? TokenScope { get; set; }

    /// <summary>Why the run has failed.</summary>
    public ClientFailure? Failure { get; set; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; set; }
}

/// <summary>Who answered.</summary>
internal sealed record ServerFacts(string Name, string Version, string? ProtocolVersion);
