namespace AspireGateway.Gateway.Telemetry;

/// <summary>Tells the first of several failures from the rest, so that what is tried again and again is logged when it begins and when it ends.</summary>
internal sealed class Outage
{
    private string? _problem;

    /// <summary>Something failed.</summary>
    /// <param name="problem">What is wrong, where another problem would be news.</param>
    /// <returns>Whether that is news: it worked before, or failed for another reason.</returns>
    public bool Begins(string problem = "") =>
        !string.Equals(Interlocked.Exchange(ref _problem, problem), problem, StringComparison.Ordinal);

    /// <summary>Something worked.</summary>
    /// <returns>Whether it is the first time after a failure.</returns>
    public bool Ends() => Interlocked.Exchange(ref _problem, null) is not null;
}
