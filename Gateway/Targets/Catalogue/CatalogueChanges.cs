using AspireGateway.Gateway.Targets.Naming;

namespace AspireGateway.Gateway.Targets.Catalogue;

/// <summary>Tells whoever listens in this process that what a target lists is not what it was; each replica learns it for itself.</summary>
internal sealed class CatalogueChanges(AggregateNames names, ILogger<CatalogueChanges> logger)
{
    private const int MaxNamesInLog = 10;

    private readonly Listeners<CatalogueChange> _listeners = new();

    /// <summary>Calls back after each change, on the thread that found it, until disposed. Callbacks must return at once.</summary>
    public IDisposable Subscribe(Action<CatalogueChange> onChanged) => _listeners.Subscribe(onChanged);

    /// <summary>Logs what everybody may see, and tells the listeners.</summary>
    public void Raise(CatalogueChange change)
    {
        if (change is { User: null, Difference: { } difference })
        {
            foreach (var (kind, list) in difference.Changed())
            {
                if (!change.IsFirst)
                {
                    logger.ListChanged(
                        change.Target,
                        kind.Member,
                        Text(list.Added),
                        Text(list.Removed),
                        Text(list.Changed)
                    );
                }

                if (
                    !kind.IsByUri
                    && list.Added.Where(name => names.IsLong(change.Target, name)).ToList() is [_, ..] longs
                )
                {
                    logger.LongNames(change.Target, AggregateNames.MaxLength, kind.Member, Text(longs));
                }
            }
        }

        _listeners.Tell(change);
    }

    // Names are chosen by targets.
    private static string Text(IReadOnlyList<string> names) =>
        string.Join(
            ", ",
            names
                .Take(MaxNamesInLog)
                .Select(static name => string.Concat(name.Select(static c => char.IsControl(c) ? '?' : c)))
                .Append(names.Count > MaxNamesInLog ? $"and {names.Count - MaxNamesInLog} more" : null)
                .Where(static name => name is not null)
        );
}

/// <summary>What has changed.</summary>
/// <param name="Target">The target.</param>
/// <param name="User">For whom; null for everybody. What changes for one person is nobody else's to know.</param>
/// <param name="Lists">The lists that are not as they were.</param>
/// <param name="At">When it was found out.</param>
internal sealed record CatalogueChange(
    TargetName Target,
    UserId? User,
    IReadOnlyCollection<ListKind> Lists,
    DateTimeOffset At
)
{
    /// <summary>What exactly, where that is known and everybody's to see.</summary>
    public CatalogueDifference? Difference { get; init; }

    /// <summary>Whether nothing was known of the target before.</summary>
    public bool IsFirst { get; init; }
}
