namespace AspireGateway.Gateway.Mcp.Requests;

/// <summary>The member names seen in one JSON object, compared without case: two readers may disagree about which one counts.</summary>
internal sealed class MemberNames
{
    // Objects of requests are small; comparing beats hashing there. Large ones must not cost the square of their size.
    private const int LinearLimit = 12;

    private readonly List<string> _names = new(LinearLimit);
    private HashSet<string>? _set;

    /// <summary>Adds a name; false when the object has it already, in whatever case.</summary>
    public bool TryAdd(string name)
    {
        if (_set is not null)
        {
            return _set.Add(name);
        }

        foreach (var known in _names)
        {
            if (string.Equals(known, name, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        _names.Add(name);
        if (_names.Count == LinearLimit)
        {
            _set = new HashSet<string>(_names, StringComparer.OrdinalIgnoreCase);
        }

        return true;
    }

    /// <summary>Makes the instance ready for another object.</summary>
    public void Clear()
    {
        _names.Clear();
        _set = null;
    }
}
