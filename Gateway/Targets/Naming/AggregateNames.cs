using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Targets.Naming;

/// <summary>
/// Names of the aggregate endpoint, and back: <c>target___name</c> for tools and prompts, <c>target+uri</c> for resources and their
/// templates. With a single target everything keeps its own name.
/// </summary>
internal sealed class AggregateNames(TargetRegistry targets, IOptions<NamingOptions> options)
{
    // Target names are made of characters that a URI's scheme may have, and so is this: target+file:///x is a URI, and a template
    // with something in front expands to a URI with the same in front.
    private const char UriSeparator = '+';

    private readonly string _separator = options.Value.ToolNameSeparator;

    /// <summary>Whether names and URIs stay as the only target has them.</summary>
    public bool IsSingle { get; } = options.Value.SingleTarget;

    /// <summary>Why the aggregate endpoint cannot answer; null where it can.</summary>
    public string? Problem =>
        IsSingle && targets.All is { Count: > 1 } all
            ? $"Gateway:Mcp:SingleTarget is set, but there are {all.Count} targets, and without prefixes nobody could tell them apart. Use /mcp/{{target}}; the gateway's administrator has to remove the setting or the other targets."
            : null;

    /// <summary>The name under which a tool or prompt is listed.</summary>
    public string Qualify(TargetName target, string name) => IsSingle ? name : $"{target}{_separator}{name}";

    /// <summary>The URI, or URI template, under which a resource is listed.</summary>
    public string QualifyUri(TargetName target, string uri) => IsSingle ? uri : $"{target}{UriSeparator}{uri}";

    /// <summary>Splits a listed name; false when it names no existing target. The name itself may contain the separator.</summary>
    public bool TryResolve(string qualified, out (TargetName Target, string Name) resolved) =>
        TrySplit(qualified, qualified.IndexOf(_separator, StringComparison.Ordinal), _separator.Length, out resolved);

    /// <summary>The same for a URI.</summary>
    public bool TryResolveUri(string qualified, out (TargetName Target, string Name) resolved) =>
        TrySplit(qualified, qualified.IndexOf(UriSeparator, StringComparison.Ordinal), 1, out resolved);

    private bool TrySplit(string qualified, int at, int length, out (TargetName Target, string Name) resolved)
    {
        resolved = default;
        if (IsSingle)
        {
            if (targets.All is not [var only] || qualified.Length == 0)
            {
                return false;
            }

            resolved = (only.Name, qualified);
            return true;
        }

        if (at < 0 || !TargetName.TryParse(qualified[..at], out var name) || targets.Find(name) is null)
        {
            return false;
        }

        resolved = (name, qualified[(at + length)..]);
        return resolved.Name.Length > 0;
    }
}
