namespace AspireGateway.Dashboard.Traces;

// Public because parameters of components have to be; no other project uses these.

/// <summary>Who did the work of a span, as OpenTelemetry says it.</summary>
public enum SpanRole
{
    Internal,
    Server,
    Client,
}

/// <summary>One attribute of a span, an event or a log record, cleaned and cut.</summary>
public sealed record TelemetryValue(string Name, string Value)
{
    /// <summary>What it costs, in characters: objects and references weigh about as much as 40.</summary>
    internal int Size => 40 + Name.Length + Value.Length;
}

/// <summary>Something that happened at one moment of a span.</summary>
public sealed record SpanMoment(DateTimeOffset Time, string Name, IReadOnlyList<TelemetryValue> Attributes);

/// <summary>Another span that this one points to.</summary>
public sealed record SpanReference(string TraceId, string SpanId);

/// <summary>One span as it is kept: cleaned on receipt, bounded in every direction.</summary>
public sealed record SpanRecord(string TraceId, string SpanId, string? ParentId, string Resource, string Name)
{
    /// <summary>Who did the work.</summary>
    public SpanRole Role { get; init; }

    /// <summary>Start, by the sender's clock.</summary>
    public DateTimeOffset Start { get; init; }

    /// <summary>How long it took; never negative.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Whether the sender says that it failed.</summary>
    public bool Failed { get; init; }

    /// <summary>What the sender says about the failure.</summary>
    public string? StatusMessage { get; init; }

    /// <summary>Attributes, in the sender's order.</summary>
    public IReadOnlyList<TelemetryValue> Attributes { get; init; } = [];

    /// <summary>Events, in the sender's order.</summary>
    public IReadOnlyList<SpanMoment> Events { get; init; } = [];

    /// <summary>Links to other spans, usually of other traces.</summary>
    public IReadOnlyList<SpanReference> Links { get; init; } = [];

    /// <summary>End, by the sender's clock.</summary>
    public DateTimeOffset End => Start + Duration;

    /// <summary>Its name; for an HTTP request that is called by its method alone, with where it went.</summary>
    public string Title =>
        Name.Length > 0
        && Name == this[Traces.Attributes.HttpMethod]
        && Uri.TryCreate(this[Traces.Attributes.UrlFull], UriKind.Absolute, out var url)
            ? $"{Name} {url.Authority}{url.AbsolutePath}"
            : Name;

    /// <summary>What it costs, in characters: what the store's budget counts.</summary>
    internal int Size =>
        400
        + Name.Length
        + (StatusMessage?.Length ?? 0)
        + Attributes.Sum(static value => value.Size)
        + Links.Count * 100
        + Events.Sum(static moment => 60 + moment.Name.Length + moment.Attributes.Sum(static value => value.Size));

    /// <summary>Value of an attribute, null where it has none.</summary>
    public string? this[string attribute] => Attributes.FirstOrDefault(found => found.Name == attribute)?.Value;
}
