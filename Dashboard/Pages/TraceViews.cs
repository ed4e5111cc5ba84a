using System.Globalization;
using AspireGateway.Dashboard.Logs;
using AspireGateway.Dashboard.Traces;
using AspireGateway.Dashboard.Traces.Flow;

namespace AspireGateway.Dashboard.Pages;

/// <summary>The list of traces.</summary>
/// <param name="Filter">What was asked for.</param>
/// <param name="Traces">The newest that match.</param>
/// <param name="Matching">How many match.</param>
/// <param name="Resources">All there are, to choose from.</param>
public sealed record TracesView(
    TraceFilter Filter,
    IReadOnlyList<Trace> Traces,
    int Matching,
    IReadOnlyList<string> Resources
);

/// <summary>One trace, as diagram, waterfall and logs.</summary>
public sealed record TraceView(Trace Trace, FlowDiagram Diagram, IReadOnlyList<LogEntry> Logs)
{
    private readonly HashSet<string> _failed = Failures
        .Of(Trace)
        .Select(static span => span.SpanId)
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether something went wrong in it; a challenge that asks for a sign-in is none.</summary>
    public bool Failed(SpanRecord span) => _failed.Contains(span.SpanId);

    /// <summary>Class with the resource's colour.</summary>
    public string Color(string resource)
    {
        for (var i = 0; i < Trace.Summary.Resources.Count; i++)
        {
            if (Trace.Summary.Resources[i] == resource)
            {
                return "c" + (i % 8).ToString(CultureInfo.InvariantCulture);
            }
        }
        return "c0";
    }
}

/// <summary>The list of structured log records.</summary>
public sealed record LogsView(LogFilter Filter, IReadOnlyList<LogEntry> Entries, IReadOnlyList<string> Resources);

/// <summary>Puts together what the pages about telemetry show.</summary>
internal sealed class TraceViews(TraceStore traces, LogStore logs, Telemetry.TelemetryStore telemetry)
{
    public const int TracesOnPage = 200;
    public const int LogsOnPage = 300;

    /// <summary>Changes whenever a page about traces or logs might.</summary>
    public long Version => traces.Version + logs.Version;

    public TracesView List(TraceFilter filter)
    {
        // The newest by their own time: spans of an old trace may be the last to arrive, and the other way round.
        var matching = traces
            .All.Where(trace => filter.Matches(trace.Summary))
            .OrderByDescending(static trace => trace.Summary.Start)
            .ToArray();
        return new TracesView(filter, [.. matching.Take(TracesOnPage)], matching.Length, Resources());
    }

    public TraceView? Find(string id)
    {
        if (traces.Find(id.ToLowerInvariant()) is not { } trace)
        {
            return null;
        }

        var written = logs.Newest(new LogFilter(null, null, trace.Id, null), LogsOnPage);
        return new TraceView(trace, FlowDiagram.Of(trace, written), written);
    }

    public LogsView Logs(LogFilter filter) => new(filter, logs.Newest(filter, LogsOnPage), Resources());

    private string[] Resources() => [.. telemetry.All.Select(static service => service.Service)];
}
