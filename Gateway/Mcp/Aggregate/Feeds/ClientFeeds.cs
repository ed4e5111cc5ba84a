using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Catalogue;
using AspireGateway.Gateway.Targets.Naming;
using AspireGateway.Gateway.Targets.Upstream;
using AspireGateway.Gateway.Targets.Upstream.Listening;

namespace AspireGateway.Gateway.Mcp.Aggregate.Feeds;

/// <summary>Opens for a client what it hears outside of its calls.</summary>
internal sealed class ClientFeeds(
    CatalogueChanges changes,
    TargetNotifications notifications,
    TargetListeners listeners,
    TargetRegistry targets,
    AggregateNames names
)
{
    /// <summary>More resources than this are not followed on one stream.</summary>
    public const int MaxResources = 100;

    /// <summary>Starts to hear.</summary>
    /// <param name="caller">Who; what concerns another person is not told.</param>
    /// <param name="wants">Which lists are of interest.</param>
    public ClientFeed Open(Caller caller, Func<ListKind, bool> wants)
    {
        var feed = new ClientFeed(uri => Follow(caller, uri));
        feed.Keep(
            changes.Subscribe(change =>
            {
                if (change.User is null || change.User == caller.User)
                {
                    foreach (
                        var method in change
                            .Lists.Where(wants)
                            .Select(static kind => kind.Notification)
                            .Distinct(StringComparer.Ordinal)
                    )
                    {
                        feed.Tell(method);
                    }
                }
            })
        );
        feed.Keep(
            notifications.Subscribe(said =>
            {
                if (said.Uri is { } uri && (said.User is null || said.User == caller.User))
                {
                    feed.TellUpdated(names.QualifyUri(said.Target.Name, uri));
                }
            })
        );
        return feed;
    }

    private IDisposable? Follow(Caller caller, string uri) =>
        names.TryResolveUri(uri, out var resolved) && targets.Find(resolved.Target) is { } target
            ? listeners.Follow(target, caller.User, caller.ClientId, resolved.Name)
            : null;
}
