using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Outbound.Refresh;

/// <summary>What came of a refresh.</summary>
internal abstract record RefreshResult
{
    private RefreshResult() { }

    /// <summary>In one word, for spans.</summary>
    public string Outcome =>
        this switch
        {
            Refreshed => "refreshed",
            Ended => "ended",
            _ => "failed",
        };

    /// <summary>A grant of a newer generation, whoever refreshed it.</summary>
    public sealed record Refreshed(Grant Grant) : RefreshResult;

    /// <summary>The grant is over, or gone: the person must be asked.</summary>
    public sealed record Ended : RefreshResult
    {
        public static readonly Ended Instance = new();
    }

    /// <summary>It may succeed later; the grant is kept.</summary>
    public sealed record Failed(string Reason, TimeSpan? RetryAfter) : RefreshResult;
}
