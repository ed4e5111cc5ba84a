using AspireGateway.Dashboard.Live;
using AspireGateway.Dashboard.Logs;
using AspireGateway.Dashboard.Traces;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireGateway.Dashboard.Pages;

/// <summary>Traces and structured logs, with their live updates.</summary>
internal static class TelemetryPages
{
    public static void MapTelemetryPages(this IEndpointRouteBuilder app)
    {
        app.MapGet(
            "/traces",
            static (string? resource, string? outcome, string? target, string? tool, TraceViews views) =>
                new RazorComponentResult<TracesPage>(
                    new { View = views.List(new TraceFilter(resource, outcome, target, tool)) }
                )
        );
        app.MapGet(
            "/traces/{id}",
            static IResult (string id, TraceViews views) =>
                views.Find(id) is { } view
                    ? new RazorComponentResult<TracePage>(new { View = view })
                    : new RazorComponentResult<NotFoundPage> { StatusCode = StatusCodes.Status404NotFound }
        );
        app.MapGet(
            "/logs",
            static (string? resource, string? level, string? trace, TraceViews views) =>
                new RazorComponentResult<LogsPage>(new { View = views.Logs(Filter(resource, level, trace)) })
        );
        app.MapLive();
    }

    private static void MapLive(this IEndpointRouteBuilder app)
    {
        app.MapGet(
            "/live/traces",
            static (
                string? resource,
                string? outcome,
                string? target,
                string? tool,
                TraceViews views,
                LiveViews live,
                CancellationToken cancellationToken
            ) =>
                live.Watch<TracesTable>(
                    nameof(TracesTable.View),
                    () => views.List(new TraceFilter(resource, outcome, target, tool)),
                    cancellationToken
                )
        );
        app.MapGet(
            "/live/traces/{id}",
            static (string id, TraceViews views, LiveViews live, CancellationToken cancellationToken) =>
                live.Watch<TraceContent>(nameof(TraceContent.View), () => views.Find(id), cancellationToken)
        );
        app.MapGet(
            "/live/logs",
            static (
                string? resource,
                string? level,
                string? trace,
                TraceViews views,
                LiveViews live,
                CancellationToken cancellationToken
            ) =>
                live.Watch<LogEntries>(
                    nameof(LogEntries.View),
                    () => views.Logs(Filter(resource, level, trace)),
                    cancellationToken
                )
        );
    }

    private static LogFilter Filter(string? resource, string? level, string? trace) =>
        new(resource, Enum.TryParse<LogSeverity>(level, ignoreCase: true, out var parsed) ? parsed : null, trace);
}
