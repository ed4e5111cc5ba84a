namespace AspireGateway.Gateway.Policies;

/// <summary>Who may call which tool. Section <c>Gateway:Policies</c>.</summary>
internal sealed class PoliciesOptions
{
    public const string Section = "Gateway:Policies";

    /// <summary>Scopes that single tools need beyond those of every request.</summary>
    public IList<ToolScopeOptions> ToolScopes { get; } = [];

    /// <summary>
    /// Whether <c>tools/list</c> shows a tool whose scopes the caller's token lacks. Such a tool can be called after the
    /// client has stepped up, and an agent that does not see it will never ask.
    /// </summary>
    public bool ListToolsBeforeStepUp { get; set; } = true;
}

/// <summary>Scopes for the tools that a pattern names. All entries that match a tool count together.</summary>
internal sealed class ToolScopeOptions
{
    /// <summary>Pattern of target names; <c>*</c> stands for any characters.</summary>
    public string Target { get; set; } = "*";

    /// <summary>Pattern of tool names as their target spells them; <c>*</c> stands for any characters.</summary>
    public string Tool { get; set; } = "";

    /// <summary>The scopes, space separated.</summary>
    public string Scopes { get; set; } = "";
}
