namespace AspireGateway.SampleMcpServer.Everything;

/// <summary>How the last long calls ended, by the labels that their callers chose. Remembers a hundred.</summary>
internal sealed class LongCalls
{
    private const int Remembered = 100;

    // Guards both collections; held for single operations on them only.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _states = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];

    /// <summary><c>running</c>, <c>completed</c>, <c>cancelled</c>, or <c>unknown</c>.</summary>
    public string this[string label]
    {
        get
        {
            lock (_gate)
            {
                return _states.GetValueOrDefault(label, "unknown");
            }
        }
        set
        {
            lock (_gate)
            {
                if (!_states.ContainsKey(label))
                {
                    _order.Enqueue(label);
                    if (_order.Count > Remembered)
                    {
                        _states.Remove(_order.Dequeue());
                    }
                }

                _states[label] = value;
            }
        }
    }
}
