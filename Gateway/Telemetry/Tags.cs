namespace AspireGateway.Gateway.Telemetry;

/// <summary>Names of attributes: OpenTelemetry's where it has one, else below <c>aspire_gateway</c>. Logs and metrics use the same.</summary>
internal static class Tags
{
    public const string Target = "aspire_gateway.target";
    public const string Outcome = "aspire_gateway.outcome";
    public const string Reason = "aspire_gateway.reason";
    public const string Issuer = "aspire_gateway.issuer";
    public const string KeyId = "aspire_gateway.key_id";
    public const string CacheHit = "aspire_gateway.cache_hit";
    public const string CredentialKind = "aspire_gateway.credential.kind";
    public const string GrantType = "aspire_gateway.oauth.grant_type";
    public const string Operation = "aspire_gateway.vault.operation";
    public const string Decision = "aspire_gateway.policy.decision";
    public const string Rule = "aspire_gateway.policy.rule";
    public const string Mode = "aspire_gateway.policy.mode";

    /// <summary>Never the person: <see cref="UserHash"/>.</summary>
    public const string User = "enduser.id";

    public const string Tool = "gen_ai.tool.name";
    public const string McpMethod = "mcp.method.name";
    public const string McpProtocolVersion = "mcp.protocol.version";
    public const string RequestId = "jsonrpc.request.id";
    public const string ResendCount = "http.request.resend_count";
}
