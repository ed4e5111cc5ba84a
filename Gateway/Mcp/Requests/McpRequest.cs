namespace AspireGateway.Gateway.Mcp.Requests;

/// <summary>One JSON-RPC message of a client, as far as the gateway decides on it. Everything here is read from the body.</summary>
internal sealed class McpRequest
{
    /// <summary>The whole body as it was sent.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The <c>id</c> as it stands in the body; empty for notifications.</summary>
    public ReadOnlyMemory<byte> Id { get; init; }

    /// <summary>MCP method; null when the message is a client's response to a request of the server.</summary>
    public string? Method { get; init; }

    /// <summary><c>params.name</c> of tools and prompts, <c>params.uri</c> of resources; null for other methods.</summary>
    public string? Name { get; init; }

    /// <summary>Where <c>params.arguments</c> begin in the body; null when there are none.</summary>
    public int? ArgumentsStart { get; init; }

    /// <summary>SHA-256 of the canonical arguments; null when there are none.</summary>
    public string? ArgumentsDigest => ArgumentsStart is { } start ? CanonicalJson.Digest(Body.Span[start..]) : null;

    /// <summary>What <c>Mcp-Name</c> must repeat where it is sent: <see cref="Name"/>, else what an extension's method is about.</summary>
    public string? RoutingName { get; init; }

    /// <summary>The revision that <c>params._meta</c> claims; null where it claims none.</summary>
    public string? Revision { get; init; }

    /// <summary>Whether <c>params._meta</c> says what the client can do, as requests do since 2026-07-28.</summary>
    public bool HasClientCapabilities { get; init; }

    /// <summary>Whether an answer is waited for; notifications and a client's own responses have none.</summary>
    public bool IsCall => Method is not null && !Id.IsEmpty;

    /// <summary>Whether the answer is a stream that stays open until somebody ends it.</summary>
    public bool IsListening => Body.IsEmpty || Method is "subscriptions/listen";

    /// <summary>The target that the request goes to; null while it concerns the gateway itself.</summary>
    public TargetName? Target { get; set; }

    /// <summary>The tool under the name that its target gave it.</summary>
    public string? Tool { get; set; }

    /// <summary>The tool, prompt or resource that is asked for, under the name or URI that its target gave it.</summary>
    public string? OwnName { get; set; }

    /// <summary>Timestamp of the moment when the target was first asked; 0 before.</summary>
    public long SentAt { get; set; }

    /// <summary>What became of it, for the audit record: <c>ok</c>, or the stable code of a failure.</summary>
    public string Outcome { get; set; } = "ok";

    /// <summary>Whether it was neither refused nor failed.</summary>
    public bool IsServed => Outcome is "ok" or "answered_from_catalogue" or "cancelled";

    /// <summary>How long targets were asked for it so far.</summary>
    public TimeSpan InTarget { get; set; }
}

/// <summary>Why a body is no JSON-RPC message that the gateway accepts.</summary>
/// <param name="Code">JSON-RPC error code.</param>
/// <param name="Reason">Stable code.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal sealed record McpRequestProblem(int Code, string Reason, string Message)
{
    /// <summary>HTTP status of the answer.</summary>
    public int Status { get; init; } = StatusCodes.Status400BadRequest;
}
