using AspireGateway.Dashboard.Pages;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Dashboard.Live;

/// <summary>Server-sent events for the pages.</summary>
internal static class LiveExtensions
{
    public static void MapLiveUpdates(this IEndpointRouteBuilder app)
    {
        app.MapGet(
            "/live",
            static (LiveUpdates updates, CancellationToken cancellationToken) =>
                TypedResults.ServerSentEvents(updates.WatchAsync(null, 0, cancellationToken))
        );
        app.MapGet(
            "/live/resources/{name}",
            static (
                string name,
                Views views,
                long? after,
                // The browser sends it when it connects again; it knows better than the address of the first time.
                [FromHeader(Name = "Last-Event-ID")] string? lastEventId,
                LiveUpdates updates,
                CancellationToken cancellationToken
            ) =>
                TypedResults.ServerSentEvents(
                    updates.WatchAsync(
                        views.Find(name)?.Snapshot.Name ?? name,
                        long.TryParse(lastEventId, out var last) ? last : after ?? 0,
                        cancellationToken
                    )
                )
        );
    }
}
