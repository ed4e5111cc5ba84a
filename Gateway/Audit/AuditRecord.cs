namespace AspireGateway.Gateway.Audit;

/// <summary>One line of evidence: who asked for what, what was decided and why. Holds no token, argument or result.</summary>
internal sealed record AuditRecord
{
    /// <summary>When the outcome was known.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary><c>allowed</c> or <c>refused</c>.</summary>
    public required string Decision { get; init; }

    /// <summary>Stable code of the reason, for example <c>invalid_token</c>; <c>ok</c> for an allowed call that was answered.</summary>
    public required string Reason { get; init; }

    /// <summary>Issuer and subject; null before the caller is known.</summary>
    public string? User { get; init; }

    /// <summary>OAuth client that called; null before the caller is known.</summary>
    public string? Client { get; init; }

    /// <summary>MCP method, or the HTTP method of a request without a body.</summary>
    public string? Method { get; init; }

    public string? Target { get; init; }

    /// <summary>Tool, prompt or resource named by the request.</summary>
    public string? Name { get; init; }

    /// <summary>HTTP status of the answer.</summary>
    public int Status { get; init; }

    /// <summary>Id of the trace, where more can be read.</summary>
    public string? TraceId { get; init; }
}
