namespace AspireGateway.LocalHosting.Engine;

/// <summary>Every value that must not be shown, whatever it is part of.</summary>
internal sealed class SecretValues
{
    private readonly Lock _gate = new();
    private readonly List<string> _values = [];

    public void Add(string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            lock (_gate)
            {
                _values.Add(value);
            }
        }
    }

    public bool IsIn(string text)
    {
        lock (_gate)
        {
            return _values.Exists(value => text.Contains(value, StringComparison.Ordinal));
        }
    }
}
