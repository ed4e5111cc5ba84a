using System.Collections.Concurrent;

namespace AspireGateway.ReplicaTrials.Cluster;

/// <summary>What the third party has answered to whom: which token is whose, and which is the last one.</summary>
internal sealed class TokenLedger
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, string> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IssuedTokens> _byToken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IssuedTokens> _last = new(StringComparer.Ordinal);
    private int _refreshes;
    private int _refused;

    /// <summary>Refreshes that the third party granted.</summary>
    public int Refreshes => Volatile.Read(ref _refreshes);

    /// <summary>Refreshes that it refused: after each of these a grant is over.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>A browser carries this code, and the person at it is known.</summary>
    public void Expect(string code, string person) => _codes[code] = person;

    public string? PersonOf(string code) => _codes.GetValueOrDefault(code);

    public void Refuse() => Interlocked.Increment(ref _refused);

    /// <summary>The third party has answered with tokens; from now on those before are superseded.</summary>
    public void Issue(IssuedTokens tokens)
    {
        lock (_lock)
        {
            if (tokens.IsRefresh)
            {
                _refreshes++;
            }

            if (_last.TryGetValue(tokens.Person, out var before))
            {
                before.SupersededAt = tokens.At;
            }

            _last[tokens.Person] = tokens;
            _byToken[tokens.AccessToken] = tokens;
            _byToken[tokens.RefreshToken] = tokens;
        }
    }

    public IssuedTokens? Find(string token)
    {
        lock (_lock)
        {
            return _byToken.GetValueOrDefault(token);
        }
    }

    public IssuedTokens? LastOf(string person)
    {
        lock (_lock)
        {
            return _last.GetValueOrDefault(person);
        }
    }
}

/// <summary>One token response.</summary>
/// <param name="Person">Whose consent it comes from.</param>
/// <param name="AccessToken">Access token.</param>
/// <param name="RefreshToken">Refresh token.</param>
/// <param name="At">When it was answered.</param>
/// <param name="Life">How long the access token lives.</param>
/// <param name="IsRefresh">Whether it answers a refresh, not a code.</param>
/// <param name="Receiver">The process that asked.</param>
internal sealed record IssuedTokens(
    string Person,
    string AccessToken,
    string RefreshToken,
    DateTimeOffset At,
    TimeSpan Life,
    bool IsRefresh,
    Incarnation Receiver
)
{
    private static readonly TimeSpan SaveTime = TimeSpan.FromSeconds(2);

    public DateTimeOffset? SupersededAt { get; set; }

    /// <summary>Whether the target saw the access token: then it was saved, or at least was on its way to be.</summary>
    public bool WasUsed { get; set; }

    /// <summary>Whether the process that got the answer was killed so soon that it may not have saved it.</summary>
    public bool MayBeLost => !WasUsed && Receiver.KilledAt is { } end && end - At < SaveTime;
}
