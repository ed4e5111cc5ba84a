using System.Collections.Concurrent;
using System.IO.Enumeration;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Policies;

/// <summary>Step 4: the scopes that calling a tool needs.</summary>
internal sealed class ToolScopes(IOptions<PoliciesOptions> options)
{
    // Names of tools come from callers: only so many are remembered.
    private const int MaxRemembered = 10_000;

    private readonly (string Target, string Tool, ScopeSet Scopes)[] _rules =
    [
        .. options.Value.ToolScopes.Select(static rule => (rule.Target, rule.Tool, ScopeSet.Parse(rule.Scopes))),
    ];
    private readonly ConcurrentDictionary<(TargetName, string), ScopeSet> _remembered = new();

    /// <summary>Whether tools that need a step-up are listed.</summary>
    public bool ListBeforeStepUp { get; } = options.Value.ListToolsBeforeStepUp;

    /// <summary>Whether any rule could concern a tool of this target.</summary>
    public bool Concern(TargetName target) => _rules.Any(rule => Matches(rule.Target, target.Value));

    /// <summary>The scopes that a tool needs beyond those of every request; empty for most.</summary>
    public ScopeSet Needed(TargetName target, string tool)
    {
        if (_rules.Length == 0)
        {
            return ScopeSet.Empty;
        }

        return _remembered.TryGetValue((target, tool), out var known) ? known : Find(target, tool);
    }

    private ScopeSet Find(TargetName target, string tool)
    {
        var needed = new ScopeSet(
            _rules
                .Where(rule => Matches(rule.Target, target.Value) && Matches(rule.Tool, tool))
                .SelectMany(static rule => rule.Scopes.Values)
        );
        if (_remembered.Count < MaxRemembered)
        {
            _remembered.TryAdd((target, tool), needed);
        }

        return needed;
    }

    // Case-sensitive: to a target, two spellings are two tools.
    private static bool Matches(string pattern, string name) =>
        FileSystemName.MatchesSimpleExpression(Literal(pattern), name, ignoreCase: false);

    // Only * is special here; the framework's matcher knows ? and backslash too.
    private static string Literal(string pattern) =>
        pattern.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("?", "\\?", StringComparison.Ordinal);
}
