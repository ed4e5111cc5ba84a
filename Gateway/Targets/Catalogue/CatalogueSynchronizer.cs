using System.Text.Json.Nodes;
using AspireGateway.Gateway.Targets.Upstream;
using AspireGateway.Gateway.Telemetry;
using ModelContextProtocol;

namespace AspireGateway.Gateway.Targets.Catalogue;

/// <summary>Reads the tools of every target at start and from time to time. Targets do not wait for each other.</summary>
internal sealed class CatalogueSynchronizer(
    TargetRegistry targets,
    UpstreamConnections connections,
    ToolCatalogue catalogue,
    TimeProvider time,
    ILogger<CatalogueSynchronizer> logger
) : BackgroundService
{
    /// <summary>More tools than this of one target are not listed.</summary>
    public const int MaxTools = 1000;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _triedAll = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IReadOnlyList<Target> _asked = [.. targets.All.Where(static target => !target.NeedsPerson)];
    private int _untried = targets.All.Count(static target => !target.NeedsPerson);

    /// <summary>Ends when every target was asked once; before that an empty list would look like no tools.</summary>
    public Task TriedAll => _triedAll.Task;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_untried == 0)
        {
            _triedAll.TrySetResult();
        }

        foreach (var target in targets.All.Where(static target => target.KnownTools.Count > 0))
        {
            catalogue.Set(target.Name, new CatalogueSnapshot(target.KnownTools, time.GetUtcNow()));
        }

        return Task.WhenAll(_asked.Select(target => KeepInSyncAsync(target, stoppingToken)));
    }

    /// <summary>Reads the tools of one target now.</summary>
    /// <returns>False when the target did not answer; what was known of it stays.</returns>
    public async Task<bool> SynchronizeAsync(Target target, CancellationToken cancel)
    {
        using var span = GatewayTelemetry.Start(Spans.CatalogueSync);
        span?.SetTag(Tags.Target, target.Name.Value);
        try
        {
            var tools = await ReadToolsAsync(connections.For(target), cancel);
            catalogue.Set(target.Name, new CatalogueSnapshot(tools, time.GetUtcNow()));
            logger.Synchronized(target.Name, tools.Count);
            return true;
        }
        catch (Exception exception) when (IsTargetFailure(exception, cancel))
        {
            logger.SynchronizationFailed(target.Name, target.Url, exception.Message);
            return false;
        }
    }

    /// <summary>Whether an exception says that a target did not answer as it should.</summary>
    public static bool IsTargetFailure(Exception exception, CancellationToken cancel) =>
        exception
            is McpException
                or HttpRequestException
                or IOException
                or TimeoutException
                or InvalidOperationException
                or System.Text.Json.JsonException
        || (exception is OperationCanceledException && !cancel.IsCancellationRequested);

    private async Task KeepInSyncAsync(Target target, CancellationToken cancel)
    {
        var retry = FirstRetry;
        var isFirst = true;
        while (!cancel.IsCancellationRequested)
        {
            var synchronized = await SynchronizeAsync(target, cancel);
            if (isFirst && Interlocked.Decrement(ref _untried) == 0)
            {
                _triedAll.TrySetResult();
            }

            isFirst = false;

            var pause = synchronized ? Interval : retry;
            retry = synchronized ? FirstRetry : TimeSpan.FromTicks(Math.Min(retry.Ticks * 2, Interval.Ticks));
            await Task.Delay(pause, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Reads all tools over one connection.</summary>
    public async Task<List<JsonObject>> ReadToolsAsync(UpstreamConnection connection, CancellationToken cancel)
    {
        var tools = new List<JsonObject>();
        string? cursor = null;
        do
        {
            var parameters = cursor is null ? [] : new JsonObject { ["cursor"] = cursor };
            var result = await connection.SendAsync("tools/list", parameters, onProgress: null, cancel);
            tools.AddRange((result?["tools"] as JsonArray ?? []).OfType<JsonObject>().Where(IsUsable));
            cursor = (result?["nextCursor"] as JsonValue)?.GetValue<string>();
        } while (cursor is not null && tools.Count < MaxTools);

        if (tools.Count > MaxTools)
        {
            logger.TooManyTools(connection.Target.Name, MaxTools);
            tools.RemoveRange(MaxTools, tools.Count - MaxTools);
        }

        return tools;
    }

    private static bool IsUsable(JsonObject tool) =>
        tool["name"] is JsonValue value && value.TryGetValue(out string? name) && name.Length > 0;
}
