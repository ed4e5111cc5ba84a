namespace AspireGateway.Gateway.Targets.Upstream;

/// <summary>
/// What targets say on their own account, outside of any call: that a list or a resource has changed. Heard in this process; each replica
/// listens for itself.
/// </summary>
internal sealed class TargetNotifications
{
    private readonly Listeners<TargetNotification> _listeners = new();

    /// <summary>Calls back with each notification of any target, until disposed. Callbacks must return at once.</summary>
    public IDisposable Subscribe(Action<TargetNotification> onReceived) => _listeners.Subscribe(onReceived);

    /// <summary>Tells the subscribers.</summary>
    public void Raise(TargetNotification notification) => _listeners.Tell(notification);
}

/// <summary>One notification of a target.</summary>
/// <param name="Target">Who said it.</param>
/// <param name="User">Whose connection it came over; null for the one that serves everybody. What one person's connection says is nobody else's.</param>
/// <param name="Method">For example <c>notifications/tools/list_changed</c>.</param>
/// <param name="Uri">The resource of <c>notifications/resources/updated</c>, as the target names it.</param>
internal sealed record TargetNotification(Target Target, UserId? User, string Method, string? Uri = null);
