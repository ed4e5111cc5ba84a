using AspireGateway.Gateway.Targets.Upstream;

namespace AspireGateway.Gateway.Targets.Catalogue;

/// <summary>Reads a list again when its target says that it has changed: for everybody, or for the person on whose connection it was said.</summary>
internal sealed class ListChangeListener(
    TargetNotifications notifications,
    CatalogueSynchronizer synchronizer,
    PersonalCatalogue personal
) : IHostedService, IDisposable
{
    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = notifications.Subscribe(OnReceived);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _subscription?.Dispose();

    private void OnReceived(TargetNotification notification)
    {
        var lists = ListKind.ChangedBy(notification.Method);
        if (lists.Count == 0)
        {
            return;
        }

        if (notification.User is { } user)
        {
            personal.Invalidate(notification.Target, user, lists);
        }
        else
        {
            synchronizer.Wake(notification.Target);
        }
    }
}
