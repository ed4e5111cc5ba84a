using System.Collections.Concurrent;
using AspireGateway.Gateway.Targets.Credentials;
using AspireGateway.Gateway.Targets.Upstream;

namespace AspireGateway.Gateway.Targets.Catalogue;

/// <summary>
/// What targets list that can only be asked with a person's credential, as that person sees them. What was learned with one
/// person's grant is shown to nobody else.
/// </summary>
internal sealed class PersonalCatalogue(
    UpstreamConnections connections,
    CatalogueReader reader,
    CatalogueChanges changes,
    TimeProvider time,
    ILogger<PersonalCatalogue> logger
)
{
    private const int MaxEntries = 10_000;

    // A list does not wait longer for one target; what it brings is there at the next one.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(Target Target, UserId User), PersonalEntry> _entries = new();
    private long _swept = time.GetTimestamp();

    /// <summary>What this person sees; null while it is not known.</summary>
    public async Task<CatalogueContents?> GetAsync(
        Target target,
        UserId user,
        TargetCredential credential,
        CancellationToken cancel
    )
    {
        Sweep();
        var entry = _entries.GetOrAdd((target, user), static (_, time) => new PersonalEntry(time), time);
        var reading = entry.Refresh(credential.Version, () => ReadAsync(target, user, credential, entry));
        if (entry.IsWorthWaiting && entry.Left(Patience) is { Ticks: > 0 } patience)
        {
            try
            {
                await reading.WaitAsync(patience, time, cancel);
            }
            catch (TimeoutException)
            {
                entry.HasDisappointed = true;
            }
        }

        return entry.Contents;
    }

    /// <summary>What was last read for this person, if anything was.</summary>
    public CatalogueContents? Peek(Target target, UserId user) =>
        _entries.TryGetValue((target, user), out var entry) ? entry.Contents : null;

    /// <summary>After the target said that a list has changed for this person: the next one who asks gets it anew.</summary>
    public void Invalidate(Target target, UserId user, IReadOnlyCollection<ListKind> lists)
    {
        if (_entries.TryGetValue((target, user), out var entry))
        {
            entry.Invalidate();
            changes.Raise(new CatalogueChange(target.Name, user, lists, time.GetUtcNow()));
        }
    }

    // People who have gone leave nothing behind, and a flood of people not much.
    private void Sweep()
    {
        var swept = Interlocked.Read(ref _swept);
        var isCrowded = _entries.Count > MaxEntries;
        if (!isCrowded && time.GetElapsedTime(swept) < SweepInterval)
        {
            return;
        }

        if (Interlocked.CompareExchange(ref _swept, time.GetTimestamp(), swept) == swept)
        {
            foreach (var (key, entry) in _entries)
            {
                if (isCrowded || entry.IsIdle)
                {
                    _entries.TryRemove(key, out _);
                }
            }
        }
    }

    private async Task ReadAsync(Target target, UserId user, TargetCredential credential, PersonalEntry entry)
    {
        using var timeout = new CancellationTokenSource(ReadTimeout, time);
        try
        {
            var read = await reader.ReadAsync(connections.For(target, user, credential), timeout.Token);
            var former = entry.Contents;
            entry.Keep(read);
            if (former is not null || entry.HasDisappointed)
            {
                Tell(target, user, former ?? CatalogueContents.Empty, read);
            }

            entry.HasDisappointed = false;
        }
        catch (Exception exception) when (CatalogueReader.IsTargetFailure(exception, CancellationToken.None))
        {
            logger.PersonalListsFailed(target.Name, target.Url, CatalogueReader.Describe(exception));
        }
    }

    private void Tell(Target target, UserId user, CatalogueContents former, CatalogueContents read)
    {
        var changed = CatalogueDifference.Between(former, read).Changed();
        if (changed.Count > 0)
        {
            changes.Raise(new CatalogueChange(target.Name, user, [.. changed.Keys], time.GetUtcNow()));
        }
    }
}
