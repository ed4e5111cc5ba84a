using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AspireGateway.Dashboard.Pages;

namespace AspireGateway.Dashboard.Live;

/// <summary>
/// What one open page is told. Events: <c>page</c> with the new content of the live part, whenever it differs from the
/// last one; <c>log</c> with new lines, its id being the last one's sequence, from which a lost connection goes on;
/// <c>ping</c>, so that both ends notice when the other is gone.
/// </summary>
internal sealed class LiveUpdates(
    IResourceFeed feed,
    Views views,
    FragmentRenderer renderer,
    TimeProvider time,
    IHostApplicationLifetime lifetime
)
{
    /// <summary>At most so many lines in one event; a browser that cannot keep up makes the channel wait, and with it the feed.</summary>
    private const int LinesAtOnce = 200;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(15);

    /// <summary>Changes of the overview, or of one resource and its log lines after <paramref name="after"/>.</summary>
    public async IAsyncEnumerable<SseItem<string>> WatchAsync(
        string? resource,
        long after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            lifetime.ApplicationStopping
        );
        // Null stands for "look again"; everything else is a log line.
        var news = Channel.CreateBounded<LogLine?>(LinesAtOnce);
        var pumps = Task.WhenAll(
            PumpAsync(Changes(stop.Token), news.Writer, stop.Token),
            PumpAsync(Ticks(stop.Token), news.Writer, stop.Token),
            resource is null
                ? Task.CompletedTask
                : PumpAsync(feed.WatchLogsAsync(resource, after, stop.Token), news.Writer, stop.Token)
        );
        try
        {
            var shown = "";
            var sent = time.GetTimestamp();
            while (await NextAsync(news.Reader, stop.Token) is var (lines, lookAgain))
            {
                if (lines.Count > 0)
                {
                    sent = time.GetTimestamp();
                    yield return new SseItem<string>(await RenderAsync(lines), "log")
                    {
                        EventId = lines[^1].Sequence.ToString(),
                    };
                }

                if (!lookAgain)
                {
                    continue;
                }

                var page = await RenderAsync(resource);
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
            }
        }
        finally
        {
            await stop.CancelAsync();
            await pumps;
        }
    }

    private Task<string> RenderAsync(List<LogLine> lines) =>
        renderer.RenderAsync<LogLines>(nameof(LogLines.Lines), lines);

    private Task<string> RenderAsync(string? resource) =>
        resource is null ? renderer.RenderAsync<ResourcesOverview>(nameof(ResourcesOverview.System), views.System())
        : views.Find(resource) is { } view ? renderer.RenderAsync<ResourceLive>(nameof(ResourceLive.View), view)
        : Task.FromResult("");

    /// <summary>Waits for news and takes all there is; null at the end.</summary>
    private static async Task<News?> NextAsync(ChannelReader<LogLine?> news, CancellationToken cancellationToken)
    {
        try
        {
            if (!await news.WaitToReadAsync(cancellationToken))
            {
                return null;
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        var lines = new List<LogLine>();
        var lookAgain = false;
        while (lines.Count < LinesAtOnce && news.TryRead(out var line))
        {
            if (line is null)
            {
                lookAgain = true;
            }
            else
            {
                lines.Add(line);
            }
        }

        return new News(lines, lookAgain);
    }

    private async IAsyncEnumerable<LogLine?> Changes([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var _ in feed.WatchResourcesAsync(cancellationToken))
        {
            yield return null;
        }
    }

    // Telemetry counts grow all the time, and silence becomes a warning by itself.
    private async IAsyncEnumerable<LogLine?> Ticks([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            yield return null;
        }
    }

    private static async Task PumpAsync(
        IAsyncEnumerable<LogLine?> source,
        ChannelWriter<LogLine?> news,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await foreach (var item in source)
            {
                await news.WriteAsync(item, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The page was closed.
        }
        catch (Exception e)
        {
            // The feed failed: end the stream with its error; the browser connects again.
            news.TryComplete(e);
        }
    }

    private sealed record News(List<LogLine> Lines, bool LookAgain);
}
