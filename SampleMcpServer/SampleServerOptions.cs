namespace AspireGateway.SampleMcpServer;

/// <summary>Section <c>SampleMcpServer</c> of the configuration.</summary>
internal sealed class SampleServerOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "SampleMcpServer";

    /// <summary>Which sample this process plays, for example <c>weather</c>.</summary>
    public string? Sample { get; set; }

    /// <summary>
    /// Writes the arguments of tool calls into the log. Off by default, and refused outside Development: arguments are
    /// the caller's data and may hold anything.
    /// </summary>
    public bool LogArguments { get; set; }

    /// <summary>
    /// For samples that are protected: how clients reach this server. The resource identifier, which is the audience of its
    /// tokens, is this with <c>/mcp</c>.
    /// </summary>
    public string? PublicUrl { get; set; }

    /// <summary>For samples that are protected: the issuer whose tokens are accepted.</summary>
    public string? Authority { get; set; }
}
