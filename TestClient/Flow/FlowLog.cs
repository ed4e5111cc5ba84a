using AspireGateway.TestClient.Output;

namespace AspireGateway.TestClient.Flow;

/// <summary>What has happened so far, in order. A printer or a test listens.</summary>
internal sealed class FlowLog(Secrets secrets)
{
    private readonly Lock _gate = new();
    private readonly List<FlowEvent> _events = [];

    /// <summary>Called with each event as it happens.</summary>
    public Action<FlowEvent>? Listener { get; init; }

    /// <summary>All events until now.</summary>
    public IReadOnlyList<FlowEvent> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>Where secrets that pass by are remembered, so that nothing prints them.</summary>
    public Secrets Secrets { get; } = secrets;

    /// <summary>Adds an event. The lock keeps lines whole and in order: requests may run at the same time.</summary>
    public void Add(FlowEvent happened)
    {
        lock (_gate)
        {
            _events.Add(happened);
            Listener?.Invoke(happened);
        }
    }
}
