using AspireGateway.Dashboard.Live;
using AspireGateway.Dashboard.Logs;
using AspireGateway.Dashboard.Metrics;
using AspireGateway.Dashboard.Traces;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireGateway.Dashboard.Pages;

/// <summary>Traces, metrics and structured logs, with their live updates.</summary>
internal static class TelemetryPages
{
    public static void MapTelemetryPages(this IEndpointRouteBuilder app)
    {
        app.MapGet(
            "/traces",
            static ([AsParameters] TraceFilter filter, TraceViews views) =>
                new RazorComponentResult<TracesPage>(new { View = views.List(filter) })
        );
        app.MapGet(
            "/traces/{id}",
            static IResult (string id, TraceViews views) =>
                views.Find(id) is { } view
                    ? new RazorComponentResult<TracePage>(new { View = view })
                    : new RazorComponentResult<NotFoundPage> { StatusCode = StatusCodes.Status404NotFound }
        );
        app.MapGet(
            "/api/traces/{id}",
            static Results<Ok<TraceDocument>, NotFound> (string id, TraceViews views) =>
                views.Find(id) is { } view ? TypedResults.Ok(TraceDocument.Of(view)) : TypedResults.NotFound()
        );
        app.MapGet(
            "/logs",
            static ([AsParameters] LogQuery query, TraceViews views) =>
                new RazorComponentResult<LogsPage>(new { View = views.Logs(query.Filter) })
        );
        app.MapLive();
    }

    public static void MapMetricsPage(this IEndpointRouteBuilder app)
    {
        app.MapGet(
            "/metrics",
            static (MetricStore store) => new RazorComponentResult<MetricsPage>(new { store.Charts })
        );
        app.MapGet(
            "/live/metrics",
            static (MetricStore store, TimeProvider time, LiveViews live, CancellationToken cancellationToken) =>
                live.Watch<MetricCharts>(
                    nameof(MetricCharts.Charts),
                    () => store.Charts,
                    // Time passes also where nothing comes.
                    () => store.Version + TimeSteps<Buckets>.NumberOf(time.GetUtcNow()),
                    cancellationToken
                )
        );
    }

    private static void MapLive(this IEndpointRouteBuilder app)
    {
        app.MapGet(
            "/live/traces",
            static (
                [AsParameters] TraceFilter filter,
                TraceViews views,
                LiveViews live,
                CancellationToken cancellationToken
            ) =>
                live.Watch<TracesTable>(
                    nameof(TracesTable.View),
                    () => views.List(filter),
                    () => views.Version,
                    cancellationToken
                )
        );
        app.MapGet(
            "/live/traces/{id}",
            static (string id, TraceViews views, LiveViews live, CancellationToken cancellationToken) =>
                live.Watch<TraceContent>(
                    nameof(TraceContent.View),
                    () => views.Find(id),
                    () => views.Version,
                    cancellationToken
                )
        );
        app.MapGet(
            "/live/logs",
            static (
                [AsParameters] LogQuery query,
                TraceViews views,
                LiveViews live,
                CancellationToken cancellationToken
            ) =>
                live.Watch<LogEntries>(
                    nameof(LogEntries.View),
                    () => views.Logs(query.Filter),
                    () => views.Version,
                    cancellationToken
                )
        );
    }

    /// <summary>A filter of log records as it stands in an address; a level that is none filters nothing.</summary>
    internal sealed record LogQuery(string? Resource, string? Level, string? Trace, string? Text)
    {
        public LogFilter Filter =>
            new(
                Resource,
                Enum.TryParse<LogSeverity>(Level, ignoreCase: true, out var parsed) ? parsed : null,
                Trace,
                Text
            );
    }
}
