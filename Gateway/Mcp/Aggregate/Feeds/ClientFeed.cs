using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace AspireGateway.Gateway.Mcp.Aggregate.Feeds;

/// <summary>What one stream of a client is told outside of its calls. Waiting messages are few: each is said once, however often it happened.</summary>
internal sealed class ClientFeed(Func<string, IDisposable?> follow) : IDisposable
{
    private const int MaxWaiting = 200;

    private readonly Channel<JsonObject> _waiting = Channel.CreateBounded<JsonObject>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest }
    );
    private readonly Dictionary<string, IDisposable> _followed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private readonly List<IDisposable> _kept = [];
    private readonly Lock _changing = new();
    private bool _isOver;

    /// <summary>Disposes something with the feed.</summary>
    public void Keep(IDisposable subscription) => _kept.Add(subscription);

    /// <summary>Follows these resources, and no others.</summary>
    /// <returns>Those that are followed.</returns>
    public IReadOnlyList<string> Follow(IReadOnlyCollection<string> uris)
    {
        lock (_changing)
        {
            foreach (var uri in _followed.Keys.Except(uris, StringComparer.Ordinal).ToList())
            {
                _followed.Remove(uri, out var gone);
                gone?.Dispose();
            }

            foreach (
                var uri in uris.Take(ClientFeeds.MaxResources).Where(uri => !_isOver && !_followed.ContainsKey(uri))
            )
            {
                if (follow(uri) is { } following)
                {
                    _followed[uri] = following;
                }
            }

            return [.. _followed.Keys.Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Tells something without parameters.</summary>
    public void Tell(string method) => Tell(method, method, parameters: null);

    /// <summary>Tells that a followed resource has changed.</summary>
    public void TellUpdated(string uri)
    {
        lock (_changing)
        {
            if (!_followed.ContainsKey(uri))
            {
                return;
            }
        }

        Tell("notifications/resources/updated", uri, new JsonObject { ["uri"] = uri });
    }

    /// <summary>Tells something.</summary>
    /// <param name="method">The notification's method.</param>
    /// <param name="key">The same key is not said again while it waits.</param>
    /// <param name="parameters">The notification's parameters.</param>
    public void Tell(string method, string key, JsonObject? parameters)
    {
        lock (_changing)
        {
            if (!_said.Add(key))
            {
                return;
            }
        }

        var notification = new JsonObject { ["jsonrpc"] = "2.0", ["method"] = method };
        if (parameters is not null)
        {
            notification["params"] = parameters;
        }

        _waiting.Writer.TryWrite(notification);
    }

    /// <summary>The next notification.</summary>
    public async ValueTask<JsonObject> NextAsync(CancellationToken cancel)
    {
        var next = await _waiting.Reader.ReadAsync(cancel);
        lock (_changing)
        {
            // What happens from now on is news, also of those that were dropped.
            _said.Clear();
        }

        return next;
    }

    public void Dispose()
    {
        foreach (var subscription in _kept)
        {
            subscription.Dispose();
        }

        lock (_changing)
        {
            _isOver = true;
            foreach (var following in _followed.Values)
            {
                following.Dispose();
            }

            _followed.Clear();
        }
    }
}
