using System.Collections.Immutable;
using AspireGateway.Gateway.Vault.Storage;

namespace AspireGateway.Gateway.Vault.Changes;

/// <summary>Subscribers, and until when what they heard is all there is to hear.</summary>
internal sealed class ChangeFeed(VaultAccess access, TimeProvider time) : IChangeFeed
{
    /// <summary>Said instead of a subject when changes may have been missed.</summary>
    public const string Everything = "";

    private static readonly TimeSpan Trusted = TimeSpan.FromSeconds(1);

    private ImmutableList<Subscription> _subscriptions = [];
    private long _heard;
    private bool _hasHeard;

    /// <summary>Whether every change that is older than a second was heard.</summary>
    public bool IsCurrent => Volatile.Read(ref _hasHeard) && time.GetElapsedTime(Volatile.Read(ref _heard)) < Trusted;

    public async Task PublishAsync(string topic, string subject, CancellationToken cancel)
    {
        await access.ChangeAsync(static _ => Task.FromResult(1), topic, subject, cancel);
        Notify(topic, subject);
    }

    public IDisposable Subscribe(string topic, Action<string> onChange)
    {
        var subscription = new Subscription(this, topic, onChange);
        ImmutableInterlocked.Update(ref _subscriptions, static (all, added) => all.Add(added), subscription);
        return subscription;
    }

    /// <summary>Tells the subscribers of a topic.</summary>
    public void Notify(string topic, string subject)
    {
        foreach (var subscription in _subscriptions)
        {
            if (string.Equals(subscription.Topic, topic, StringComparison.Ordinal))
            {
                subscription.OnChange(subject);
            }
        }
    }

    /// <summary>Tells all subscribers that anything may have changed.</summary>
    public void NotifyAll()
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.OnChange(Everything);
        }
    }

    /// <summary>Remembers that subscribers were told of all changes up to a moment, a timestamp of the clock.</summary>
    public void HeardUntil(long timestamp)
    {
        Volatile.Write(ref _heard, timestamp);
        Volatile.Write(ref _hasHeard, true);
    }

    private sealed class Subscription(ChangeFeed feed, string topic, Action<string> onChange) : IDisposable
    {
        public string Topic => topic;

        public Action<string> OnChange => onChange;

        public void Dispose() =>
            ImmutableInterlocked.Update(ref feed._subscriptions, static (all, gone) => all.Remove(gone), this);
    }
}
