using AspireGateway.Gateway.Targets.Catalogue;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Targets;

/// <summary>The targets by name.</summary>
internal sealed class TargetRegistry
{
    private readonly Dictionary<TargetName, Target> _byName;

    public TargetRegistry(IOptions<TargetsOptions> options)
    {
        All =
        [
            .. options
                .Value.Select(static entry => Create(entry.Key, entry.Value))
                .OrderBy(static target => target.Name.Value, StringComparer.Ordinal),
        ];
        _byName = All.ToDictionary(static target => target.Name);
    }

    /// <summary>All targets in the order of their names.</summary>
    public IReadOnlyList<Target> All { get; }

    public Target? Find(TargetName name) => _byName.GetValueOrDefault(name);

    private static Target Create(string name, TargetOptions options) =>
        TargetName.TryParse(name, out var parsed)
            ? new Target(parsed, new Uri(options.Url), options.Credential, options.Timeout)
            {
                AuthorizationCode = options.AuthorizationCode,
                KnownTools = ToolsFile.TryRead(options.ToolsFile, out var tools) is null ? tools : [],
            }
            : throw new InvalidOperationException(
                $"'{name}' passed the validation of Gateway:Targets but is no target name."
            );
}
