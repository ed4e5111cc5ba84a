using System.Collections.Frozen;
using AspireGateway.Gateway.Targets.Catalogue;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Targets;

/// <summary>
/// The targets by name: those of the configuration, which stay, and those that an administrator defined, which come and go. Each change
/// makes a new set, so that whoever holds one sees no half of a change.
/// </summary>
internal sealed class TargetRegistry
{
    private readonly IReadOnlyList<Target> _configured;
    private readonly Lock _changing = new();
    private volatile TargetSet _current;

    public TargetRegistry(IOptions<TargetsOptions> options)
    {
        _configured = [.. options.Value.Select(static entry => FromConfiguration(entry.Key, entry.Value))];
        _current = new TargetSet(_configured);
    }

    /// <summary>All targets in the order of their names.</summary>
    public IReadOnlyList<Target> All => _current.All;

    /// <summary>The targets of this moment, for what is built from them and kept.</summary>
    public TargetSet Current => _current;

    /// <summary>Raised after each change, on the thread that made it.</summary>
    public event EventHandler? Changed;

    public Target? Find(TargetName name) => _current.Find(name);

    /// <summary>
    /// Replaces all targets that are not of the configuration. One whose version is the same stays the same object, with everything that
    /// is kept for it. A name of the configuration is the configuration's.
    /// </summary>
    public void Define(IReadOnlyList<TargetDefinition> definitions)
    {
        lock (_changing)
        {
            var names = _configured.Select(static target => target.Name).ToHashSet();
            var defined = definitions
                .Where(definition => !names.Contains(definition.Name))
                .Select(definition =>
                    _current.Find(definition.Name) is { } known && known.Version == definition.Version
                        ? known
                        : definition.ToTarget()
                );
            var next = new TargetSet(_configured.Concat(defined));
            if (next.All.SequenceEqual(_current.All, ReferenceEqualityComparer.Instance))
            {
                return;
            }

            _current = next;
        }

        Changed?.Invoke(this, EventArgs.Empty);
    }

    private static Target FromConfiguration(string name, TargetOptions options) =>
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

/// <summary>The targets of one moment.</summary>
internal sealed class TargetSet
{
    private readonly FrozenDictionary<TargetName, Target> _byName;

    public TargetSet(IEnumerable<Target> targets)
    {
        All = [.. targets.OrderBy(static target => target.Name.Value, StringComparer.Ordinal)];
        _byName = All.ToFrozenDictionary(static target => target.Name);
    }

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<Target> All { get; }

    public Target? Find(TargetName name) => _byName.GetValueOrDefault(name);
}
