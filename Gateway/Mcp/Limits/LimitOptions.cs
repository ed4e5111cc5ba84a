namespace AspireGateway.Gateway.Mcp.Limits;

/// <summary>How much one person, and all of them together, may have running at once. Section <c>Gateway:Mcp:Limits</c>.</summary>
internal sealed class LimitOptions
{
    private const int Most = 1_000_000;

    /// <summary>Calls of one person that run at once, on all targets.</summary>
    public int CallsPerUser { get; set; } = 100;

    /// <summary>Calls of one target that run at once, of all people: what a target that hangs can hold on to.</summary>
    public int CallsPerTarget { get; set; } = 1000;

    /// <summary>Streams without end that one person has open at once.</summary>
    public int StreamsPerUser { get; set; } = 50;

    /// <summary>Calls of one person in a minute; 0 for any number.</summary>
    public int CallsPerMinute { get; set; }

    /// <summary>Returns every mistake with its fix.</summary>
    public IEnumerable<string> Check()
    {
        (string Name, int Value, int Least)[] all =
        [
            (nameof(CallsPerUser), CallsPerUser, 1),
            (nameof(CallsPerTarget), CallsPerTarget, 1),
            (nameof(StreamsPerUser), StreamsPerUser, 1),
            (nameof(CallsPerMinute), CallsPerMinute, 0),
        ];
        return all.Where(static limit => limit.Value < limit.Least || limit.Value > Most)
            .Select(static limit =>
                $"{McpOptions.Section}:Limits:{limit.Name} is {limit.Value}. Choose between {limit.Least} and {Most}."
            );
    }
}
