namespace AspireGateway.Gateway.Audit;

/// <summary>One line of evidence: who asked for what, what was decided and why. Holds no token, argument or result.</summary>
internal sealed record AuditRecord
{
    /// <summary>What it is evidence of: one of <see cref="RecordKinds"/>.</summary>
    public string Kind { get; init; } = RecordKinds.Decision;

    /// <summary>The call or change that this is the outcome of.</summary>
    public AuditCall? Call { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary><c>allowed</c> or <c>refused</c>.</summary>
    public required string Decision { get; init; }

    /// <summary>Stable code of the reason, for example <c>invalid_token</c>; <c>ok</c> for an allowed call that was answered.</summary>
    public required string Reason { get; init; }

    /// <summary>The rule that decided, where one of the operator's was asked.</summary>
    public string? Rule { get; init; }

    /// <summary>Issuer and subject; null before the caller is known.</summary>
    public string? User { get; init; }

    /// <summary>OAuth client that called; null before the caller is known.</summary>
    public string? Client { get; init; }

    /// <summary>MCP method, or the HTTP method of a request without a body.</summary>
    public string? Method { get; init; }

    public string? Target { get; init; }

    /// <summary>Tool, prompt or resource named by the request.</summary>
    public string? Name { get; init; }

    /// <summary>SHA-256 of the canonical arguments, in hexadecimal digits; null when there were none.</summary>
    public string? Arguments { get; init; }

    /// <summary>Kind of the credential that the target gets; null where the request goes to no target.</summary>
    public string? Credential { get; init; }

    /// <summary>HTTP status of the answer; 0 before there is one.</summary>
    public int Status { get; init; }

    /// <summary>Id of the trace, where more can be read.</summary>
    public string? TraceId { get; init; }
}

/// <summary>What a record is evidence of.</summary>
internal static class RecordKinds
{
    /// <summary>Something is about to happen. When it ended before this was written, how it ended stands in the same record.</summary>
    public const string Intent = "intent";

    /// <summary>How something ended that an <see cref="Intent"/> announced.</summary>
    public const string Outcome = "outcome";

    /// <summary>Something that was decided, and needed no call.</summary>
    public const string Decision = "decision";

    /// <summary>First record of a chain: a process began.</summary>
    public const string Opened = "opened";

    /// <summary>Last record of a chain whose process ended in order.</summary>
    public const string Closed = "closed";

    /// <summary>A process runs, without calls. Only where old segments are deleted, so that they are not taken for those of a dead one.</summary>
    public const string Alive = "alive";

    /// <summary>So many records could not be kept while nothing could be written; no call was let through meanwhile.</summary>
    public const string Lost = "lost";
}
