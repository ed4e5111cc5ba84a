namespace AspireGateway.Dashboard.Traces.Flow;

/// <summary>Who takes part in an auth flow, in the order of the diagram's columns.</summary>
public enum Participant
{
    Client,
    Gateway,
    IdentityProvider,
    Browser,
    Vault,
    ThirdParty,
    Target,
}

/// <summary>One arrow of the sequence diagram.</summary>
/// <param name="Step">Number in <c>docs/auth-flow.md</c>; empty for what has none there.</param>
/// <param name="From">Who speaks.</param>
/// <param name="To">Who is spoken to.</param>
/// <param name="Label">What is said.</param>
/// <param name="Span">The span that shows it.</param>
public sealed record FlowLeg(string Step, Participant From, Participant To, string Label, SpanRecord Span)
{
    /// <summary>Whether it answers an earlier arrow.</summary>
    public bool IsAnswer { get; init; }

    /// <summary>When, by the clock of the one who began it.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>HTTP status, empty where there is none.</summary>
    public string Status { get; init; } = "";

    /// <summary>Whether something is wrong here.</summary>
    public bool Failed { get; init; }

    /// <summary>What was wrong, in words; null when nothing was.</summary>
    public string? Explanation { get; init; }
}
