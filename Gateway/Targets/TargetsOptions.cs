using AspireGateway.Gateway.Targets.Credentials;

namespace AspireGateway.Gateway.Targets;

/// <summary>What is behind the gateway. Section <c>Gateway:Targets</c>: a target's name → its settings.</summary>
internal sealed class TargetsOptions : Dictionary<string, TargetOptions>
{
    public const string Section = "Gateway:Targets";

    public TargetsOptions()
        : base(StringComparer.Ordinal) { }
}

/// <summary>One MCP server behind the gateway.</summary>
internal sealed class TargetOptions
{
    /// <summary>Absolute URL of its MCP endpoint (Streamable HTTP), for example <c>http://weather:8080/mcp</c>.</summary>
    public string Url { get; set; } = "";

    /// <summary>How requests to it are authenticated: one of <see cref="CredentialKinds"/>.</summary>
    public string Credential { get; set; } = CredentialKinds.None;

    /// <summary>
    /// File with the tools of a target that cannot be asked without a person: a JSON array of tool definitions, or the result of its
    /// <c>tools/list</c>. They are listed before anybody has consented.
    /// </summary>
    public string ToolsFile { get; set; } = "";

    /// <summary>Settings of <see cref="CredentialKinds.AuthorizationCode"/>.</summary>
    public AuthorizationCodeOptions AuthorizationCode { get; set; } = new();

    /// <summary>How long one call may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(15);
}
