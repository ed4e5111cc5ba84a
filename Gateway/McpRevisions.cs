namespace AspireGateway.Gateway;

/// <summary>The two eras of MCP: with sessions up to 2025-11-25, and without since 2026-07-28.</summary>
internal static class McpRevisions
{
    /// <summary>The first revision without sessions.</summary>
    public const string FirstModern = "2026-07-28";

    /// <summary>Whether a revision is that one or newer; a missing one is not.</summary>
    public static bool IsModern(string? revision) => string.CompareOrdinal(revision, FirstModern) >= 0;
}

/// <summary>Members of <c>_meta</c> that MCP reserves (2026-07-28): what a client says about itself in each request.</summary>
internal static class McpMeta
{
    public const string Prefix = "io.modelcontextprotocol/";
    public const string ProtocolVersion = Prefix + "protocolVersion";
    public const string ClientInfo = Prefix + "clientInfo";
    public const string ClientCapabilities = Prefix + "clientCapabilities";
    public const string LogLevel = Prefix + "logLevel";
    public const string SubscriptionId = Prefix + "subscriptionId";
}
