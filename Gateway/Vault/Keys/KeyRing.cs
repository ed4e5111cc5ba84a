using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace AspireGateway.Gateway.Vault.Keys;

/// <summary>Key-encryption keys by id, one of which seals.</summary>
internal sealed class KeyRing
{
    private readonly FrozenDictionary<string, KeyEncryptionKey> _keys;

    public KeyRing(IEnumerable<KeyEncryptionKey> keys, string? active)
    {
        var all = keys.ToList();
        _keys = all.ToFrozenDictionary(static key => key.Id, StringComparer.Ordinal);
        Active = active is null ? all[0] : _keys[active];
    }

    /// <summary>The key that seals.</summary>
    public KeyEncryptionKey Active { get; }

    /// <summary>Ids of all keys.</summary>
    public IReadOnlyList<string> Ids => [.. _keys.Keys.Order(StringComparer.Ordinal)];

    public bool TryGet(string id, [NotNullWhen(true)] out KeyEncryptionKey? key) => _keys.TryGetValue(id, out key);
}
