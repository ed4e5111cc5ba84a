using System.Collections.Immutable;

namespace AspireGateway.Gateway.Targets;

/// <summary>Those in this process who want to hear of something.</summary>
internal sealed class Listeners<T>
{
    private ImmutableList<Subscription> _subscriptions = [];

    /// <summary>Calls back with each piece of news, until disposed. Callbacks must return at once.</summary>
    public IDisposable Subscribe(Action<T> onNews)
    {
        var subscription = new Subscription(this, onNews);
        ImmutableInterlocked.Update(ref _subscriptions, static (all, added) => all.Add(added), subscription);
        return subscription;
    }

    /// <summary>Tells all of them.</summary>
    public void Tell(T news)
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.OnNews(news);
        }
    }

    private sealed class Subscription(Listeners<T> all, Action<T> onNews) : IDisposable
    {
        public Action<T> OnNews => onNews;

        public void Dispose() =>
            ImmutableInterlocked.Update(ref all._subscriptions, static (all, gone) => all.Remove(gone), this);
    }
}
