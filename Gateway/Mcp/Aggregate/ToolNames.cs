using AspireGateway.Gateway.Targets;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Mcp.Aggregate;

/// <summary>Tool names of the aggregate endpoint: <c>target___tool</c>.</summary>
internal sealed class ToolNames(TargetRegistry targets, IOptions<McpOptions> options)
{
    private readonly string _separator = options.Value.ToolNameSeparator;

    /// <summary>The name under which the aggregate endpoint lists a tool.</summary>
    public string Qualify(TargetName target, string tool) => $"{target}{_separator}{tool}";

    /// <summary>Splits a listed name; false when it names no existing target. The tool may itself contain the separator.</summary>
    public bool TryResolve(string qualified, out (TargetName Target, string Tool) resolved)
    {
        resolved = default;
        var at = qualified.IndexOf(_separator, StringComparison.Ordinal);
        if (at < 0 || !TargetName.TryParse(qualified[..at], out var name) || targets.Find(name) is null)
        {
            return false;
        }

        resolved = (name, qualified[(at + _separator.Length)..]);
        return resolved.Tool.Length > 0;
    }
}
