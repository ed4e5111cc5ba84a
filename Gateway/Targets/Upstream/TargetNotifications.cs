using System.Collections.Immutable;

namespace AspireGateway.Gateway.Targets.Upstream;

/// <summary>
/// What targets say on their own account, outside of any call: that a list or a resource has changed. Heard in this process; each replica
/// listens for itself.
/// </summary>
internal sealed class TargetNotifications
{
    private ImmutableList<Subscription> _subscriptions = [];

    /// <summary>Calls back with each notification of any target, until disposed. Callbacks must return at once.</summary>
    public IDisposable Subscribe(Action<TargetNotification> onReceived)
    {
        var subscription = new Subscription(this, onReceived);
        ImmutableInterlocked.Update(ref _subscriptions, static (all, added) => all.Add(added), subscription);
        return subscription;
    }

    /// <summary>Tells the subscribers.</summary>
    public void Raise(TargetNotification notification)
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.OnReceived(notification);
        }
    }

    private sealed class Subscription(TargetNotifications all, Action<TargetNotification> onReceived) : IDisposable
    {
        public Action<TargetNotification> OnReceived => onReceived;

        public void Dispose() =>
            ImmutableInterlocked.Update(ref all._subscriptions, static (all, gone) => all.Remove(gone), this);
    }
}

/// <summary>One notification of a target.</summary>
/// <param name="Target">Who said it.</param>
/// <param name="User">Whose connection it came over; null for the one that serves everybody. What one person's connection says is nobody else's.</param>
/// <param name="Method">For example <c>notifications/tools/list_changed</c>.</param>
/// <param name="Uri">The resource of <c>notifications/resources/updated</c>, as the target names it.</param>
internal sealed record TargetNotification(Target Target, UserId? User, string Method, string? Uri = null);
