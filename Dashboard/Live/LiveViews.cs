using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireGateway.Dashboard.Live;

/// <summary>
/// Keeps a page about telemetry up to date: renders again when something was received, at most once a second. The events
/// are those of <see cref="LiveUpdates"/>.
/// </summary>
internal sealed class LiveViews(FragmentRenderer renderer, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(15);

    /// <summary>Events with the component rendered for the view of the moment; nothing while there is no view.</summary>
    /// <param name="parameter">Parameter of the component that takes the view.</param>
    /// <param name="view">Makes the view.</param>
    /// <param name="version">Changes whenever the view might.</param>
    /// <param name="cancellationToken">The page was closed.</param>
    public ServerSentEventsResult<string> Watch<TComponent>(
        string parameter,
        Func<object?> view,
        Func<long> version,
        CancellationToken cancellationToken
    )
        where TComponent : IComponent =>
        TypedResults.ServerSentEvents(
            WatchAsync(
                () => view() is { } now ? renderer.RenderAsync<TComponent>(parameter, now) : Task.FromResult(""),
                version,
                cancellationToken
            )
        );

    private async IAsyncEnumerable<SseItem<string>> WatchAsync(
        Func<Task<string>> render,
        Func<long> version,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            lifetime.ApplicationStopping
        );
        using var timer = new PeriodicTimer(Tick, time);
        var shown = "";
        var rendered = -1L;
        var sent = time.GetTimestamp();
        do
        {
            var now = version();
            var page = now == rendered ? shown : await render();
            rendered = now;
            if (page != shown)
            {
                shown = page;
                sent = time.GetTimestamp();
                yield return new SseItem<string>(page, "page");
            }
            else if (time.GetElapsedTime(sent) >= PingAfter)
            {
                sent = time.GetTimestamp();
                yield return new SseItem<string>("", "ping");
            }
        } while (await NextAsync(timer, stop.Token));
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
