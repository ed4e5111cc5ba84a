using System.Threading.Channels;
using AspireGateway.Gateway.Outbound.Connect;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Catalogue;
using AspireGateway.Gateway.Targets.Upstream;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Admin.Catalogue;

/// <summary>
/// Keeps what every replica knows of the tools equal, and those of targets that need a person up to date: when targets change, when another
/// replica has read, when the awaited consent was given, and from time to time.
/// </summary>
internal sealed class CatalogueKeeper(
    TargetRegistry targets,
    CatalogueGrants grants,
    CatalogueGrantStore store,
    CatalogueSynchronizer synchronizer,
    CatalogueChanges changes,
    TargetNotifications notifications,
    IChangeFeed feed,
    TimeProvider time,
    ILogger<CatalogueKeeper> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(20);

    private readonly Outage _outage = new();

    // A target to look at; null for all.
    private readonly Channel<Work> _work = Channel.CreateUnbounded<Work>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var news = feed.Subscribe(CatalogueGrantStore.Topic, OnNews);
        using var answers = feed.Subscribe(ConsentRequests.AnsweredTopic, OnAnswer);
        using var found = changes.Subscribe(OnCatalogueChanged);
        using var said = notifications.Subscribe(OnNotification);
        void OnChanged(object? sender, EventArgs change) => Add(new Work(null));
        targets.Changed += OnChanged;
        using var timer = time.CreateTimer(_ => Add(new Work(null)), state: null, Period, Period);
        try
        {
            Add(new Work(null));
            await foreach (var work in _work.Reader.ReadAllAsync(stoppingToken))
            {
                if (work.IsNews)
                {
                    await TryTellAsync(work.Name!.Value);
                    continue;
                }

                await KeepAsync(work, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway ends.
        }
        finally
        {
            targets.Changed -= OnChanged;
        }
    }

    private static bool Concerns(Work work, Target target) =>
        target.NeedsPerson && target.KnownTools.Count == 0 && (work.Name is null || work.Name == target.Name);

    // Only a look at all of them says that everything works again.
    private async Task KeepAsync(Work work, CancellationToken cancel)
    {
        var failed = false;
        foreach (var target in targets.All.Where(target => Concerns(work, target)))
        {
            failed |= !await TryKeepAsync(target, work.HeardOf, cancel);
        }

        if (!failed && work.Name is null && _outage.Ends())
        {
            logger.CataloguesAvailable();
        }
    }

    private async Task TryTellAsync(TargetName target)
    {
        try
        {
            await store.TellAsync(target);
        }
        catch (VaultUnavailableException exception)
        {
            Tell(target, exception);
        }
    }

    private void Tell(TargetName target, Exception problem)
    {
        if (_outage.Begins())
        {
            logger.CataloguesUnavailable(target, problem.Message);
        }
    }

    private async Task<bool> TryKeepAsync(Target target, UserId? heardOf, CancellationToken cancel)
    {
        try
        {
            if (
                await grants.ApplyAsync(target, cancel) is { } stored
                && (stored.Grant.User == heardOf || IsDue(stored.Grant))
            )
            {
                await grants.SynchronizeAsync(target, cancel);
            }

            return true;
        }
        catch (Exception exception) when (exception is VaultUnavailableException or System.Text.Json.JsonException)
        {
            Tell(target.Name, exception);
            return false;
        }
    }

    // Whether the grant is there is looked up in memory, and nothing is written while it is not.
    private bool IsDue(CatalogueGrant grant) =>
        grant.State is TargetState.PendingAuth
        || grant.AttemptedAt is not { } attempted
        || time.GetUtcNow() - attempted > (grant.State is TargetState.Failed ? RetryInterval : Interval);

    private void OnNews(string subject)
    {
        if (subject.Length == 0)
        {
            Add(new Work(null));
            return;
        }

        var parts = subject.Split(' ');
        if (parts[^1] == store.Replica || !TargetName.TryParse(parts[0], out var name))
        {
            return;
        }

        Add(new Work(name));
        if (targets.Find(name) is { NeedsPerson: false } target)
        {
            synchronizer.Wake(target);
        }
    }

    private void OnAnswer(string elicitationId)
    {
        if (CatalogueGrants.TargetOf(elicitationId) is { } name)
        {
            Add(new Work(name));
        }
    }

    // The other replicas have not heard what this one has read.
    private void OnCatalogueChanged(CatalogueChange change)
    {
        if (change is { User: null, IsFirst: false } && targets.Find(change.Target) is { NeedsPerson: false })
        {
            Add(new Work(change.Target, IsNews: true));
        }
    }

    // Only the designated person's connection says something about what everybody sees.
    private void OnNotification(TargetNotification notification)
    {
        if (notification.User is { } user && ListKind.ChangedBy(notification.Method).Count > 0)
        {
            Add(new Work(notification.Target.Name, HeardOf: user));
        }
    }

    private void Add(Work work) => _work.Writer.TryWrite(work);

    private readonly record struct Work(TargetName? Name, bool IsNews = false, UserId? HeardOf = null);
}
