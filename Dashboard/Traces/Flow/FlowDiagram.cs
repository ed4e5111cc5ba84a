using AspireGateway.Dashboard.Logs;

namespace AspireGateway.Dashboard.Traces.Flow;

/// <summary>The arrows of one trace, in the order of time.</summary>
/// <param name="Participants">Those that occur, in the order of the columns.</param>
/// <param name="Legs">The arrows.</param>
/// <param name="Left">Arrows that were left out because there are too many.</param>
public sealed record FlowDiagram(IReadOnlyList<Participant> Participants, IReadOnlyList<FlowLeg> Legs, int Left)
{
    private const int MaximumLegs = 150;

    internal static FlowDiagram Of(Trace trace, IReadOnlyList<LogEntry> logs)
    {
        var explanations = new Explanations(trace, logs);
        var legs = new List<FlowLeg>();
        var consented = false;
        foreach (var exchange in Exchange.In(trace).OrderBy(static exchange => exchange.Clock.Start))
        {
            var (from, to) = Ends(exchange);
            var rule = FlowRules.Exchanges.FirstOrDefault(rule => Fits(rule, exchange, from, to, consented));
            if (rule is null || from == to)
            {
                continue;
            }

            consented = rule.Step == "B8" || (consented && !rule.AfterConsent);
            legs.AddRange(Drawn(rule, exchange, explanations));
        }

        legs.AddRange(Named(trace, legs, explanations));
        IReadOnlyList<FlowLeg> shown = [.. legs.OrderBy(static leg => leg.At).Take(MaximumLegs)];
        Participant[] participants = [.. shown.SelectMany(static leg => new[] { leg.From, leg.To }).Distinct().Order()];
        return new FlowDiagram(participants, shown, legs.Count - shown.Count);
    }

    private static IEnumerable<FlowLeg> Drawn(FlowRule rule, Exchange exchange, Explanations explanations)
    {
        var explanation = explanations.Of(exchange.Inside, exchange.Status);
        var label = rule.Label.Replace("{mcp}", exchange.McpName, StringComparison.Ordinal);
        var asks = new FlowLeg(rule.Step, rule.From, rule.To, label, exchange.Span) { At = exchange.Clock.Start };
        if (rule.AnswerStep is null)
        {
            yield return asks with
            {
                Status = exchange.Status,
                Failed = explanation is not null,
                Explanation = explanation,
            };
            yield break;
        }

        yield return asks;
        yield return new FlowLeg(
            rule.AnswerStep,
            rule.To,
            rule.From,
            explanation is null ? rule.AnswerLabel : "failed",
            exchange.Span
        )
        {
            IsAnswer = true,
            At = exchange.Clock.End,
            Status = exchange.Status,
            Failed = explanation is not null,
            Explanation = explanation,
        };
    }

    private static IEnumerable<FlowLeg> Named(Trace trace, List<FlowLeg> legs, Explanations explanations)
    {
        foreach (var span in trace.Spans)
        {
            foreach (var row in FlowRules.Spans.Where(row => row.Name == span.Name && row.Of == Who(span.Resource, "")))
            {
                // With some room: both ends are measured by different clocks.
                if (row.Unless && legs.Exists(leg => leg.From == row.From && leg.To == row.To && Overlap(leg, span)))
                {
                    continue;
                }

                var explanation = explanations.Of([span], "");
                yield return new FlowLeg(row.Step, row.From, row.To, row.Label, span)
                {
                    At = span.Start,
                    Failed = explanation is not null,
                    Explanation = explanation,
                };
            }
        }
    }

    private static bool Overlap(FlowLeg leg, SpanRecord span) =>
        leg.Span.Start <= span.End + TimeSpan.FromSeconds(1) && span.Start <= leg.Span.End + TimeSpan.FromSeconds(1);

    private static bool Fits(FlowRule rule, Exchange exchange, Participant from, Participant to, bool consented) =>
        rule.From == from
        && rule.To == to
        && PathFits(rule.Path, exchange.Path)
        && (rule.Method is null || rule.Method == exchange.Method)
        && (rule.Status is null || rule.Status == exchange.Status)
        && (rule.Within is null || exchange.Around.Any(span => span.Name == rule.Within))
        && (!rule.AfterConsent || consented)
        && rule.Holds.All(name =>
            name[0] == '!'
                ? exchange.Inside.All(span => span.Name != name[1..])
                : exchange.Inside.Any(span => span.Name == name)
        );

    private static bool PathFits(string pattern, string path) =>
        pattern is ['^', .. var start] ? path.StartsWith(start, StringComparison.OrdinalIgnoreCase)
        : pattern is [.. var end, '$'] ? path.EndsWith(end, StringComparison.OrdinalIgnoreCase)
        : path.Contains(pattern, StringComparison.OrdinalIgnoreCase);

    private static (Participant From, Participant To) Ends(Exchange exchange)
    {
        var from =
            exchange.Caller is { } caller ? Who(caller, exchange.Path)
            : exchange.Path.StartsWith("/connect/", StringComparison.Ordinal)
            || exchange.Path.Contains("/auth", StringComparison.Ordinal)
                ? Participant.Browser
            : Participant.Client;
        if (
            from == Participant.Client
            && exchange.Around.Any(static span => span.Name is "oauth.authorize" or "consent.browser")
        )
        {
            // The test client plays the browser.
            from = Participant.Browser;
        }

        return (
            from,
            exchange.Answered is { } answered ? Who(answered.Resource, exchange.Path) : Silent(from, exchange.Path)
        );
    }

    private static Participant Silent(Participant from, string path)
    {
        foreach (var row in FlowRules.Silent)
        {
            if (row.From == from && PathFits(row.Path, path))
            {
                return row.To;
            }
        }

        return from;
    }

    private static Participant Who(string resource, string path)
    {
        foreach (var row in FlowRules.Resources)
        {
            if (row.Resource == resource && PathFits(row.Path, path))
            {
                return row.Participant;
            }
        }

        return Participant.Target;
    }
}
