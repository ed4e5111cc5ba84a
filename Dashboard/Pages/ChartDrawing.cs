using System.Globalization;
using System.Text;
using AspireGateway.Dashboard.Metrics;

namespace AspireGateway.Dashboard.Pages;

/// <summary>Where things are in a chart.</summary>
internal sealed class ChartDrawing(MetricChart chart)
{
    public const int Width = 540;
    public const int Height = 110;
    private const int Room = Height - 10;

    private readonly double _top = chart.Top > 0 ? chart.Top : 1;

    /// <summary>The largest value, in words.</summary>
    public string Top => Say(chart.Top);

    /// <summary>A value in words.</summary>
    public string Say(double value) =>
        chart.IsTime ? Wording.Elapsed(TimeSpan.FromSeconds(Math.Min(value, 1e6)))
        : value < 10_000 ? value.ToString("0.##", CultureInfo.InvariantCulture)
        : Wording.Number((long)value);

    /// <summary>What a series says in words.</summary>
    public string Say(MetricSeries series) =>
        chart.IsTime
            ? series.Newest is { } newest
                ? $"below {Say(newest)}"
                : ""
            : Say(series.Total);

    /// <summary>The bars of one series as one path, on top of those before it.</summary>
    public string Bars(int series)
    {
        var path = new StringBuilder();
        for (var step = 0; step < chart.Series[series].Values.Count; step++)
        {
            if (chart.Series[series].Values[step] is not > 0)
            {
                continue;
            }

            var below = chart.Series.Take(series).Sum(one => one.Values[step] ?? 0);
            var bottom = Y(below);
            var top = Y(below + chart.Series[series].Values[step]!.Value);
            path.Append(
                CultureInfo.InvariantCulture,
                $"M{X(step) + 0.5:0.##} {bottom:0.##}V{Math.Min(top, bottom - 1):0.##}h5V{bottom:0.##}z"
            );
        }

        return path.ToString();
    }

    /// <summary>The line of one series; it ends where nothing happened and begins again.</summary>
    public string Line(int series)
    {
        var path = new StringBuilder();
        var drawing = false;
        for (var step = 0; step < chart.Series[series].Values.Count; step++)
        {
            if (chart.Series[series].Values[step] is not { } value)
            {
                drawing = false;
                continue;
            }

            path.Append(drawing ? 'L' : 'M').Append(Point(step, value));
            drawing = true;
        }

        return path.ToString();
    }

    /// <summary>Values of a series that have no neighbour to draw a line to, as lines of no length: their round ends are dots.</summary>
    public string Dots(int series)
    {
        var values = chart.Series[series].Values;
        var path = new StringBuilder();
        for (var step = 0; step < values.Count; step++)
        {
            if (
                values[step] is { } value
                && values.ElementAtOrDefault(step - 1) is null
                && values.ElementAtOrDefault(step + 1) is null
            )
            {
                var point = Point(step, value);
                path.Append('M').Append(point).Append('L').Append(point);
            }
        }

        return path.ToString();
    }

    private string Point(int step, double value) =>
        string.Create(CultureInfo.InvariantCulture, $"{X(step) + 3:0.##} {Y(value):0.##}");

    private static double X(int step) => step * (double)Width / TimeSteps<Buckets>.Count;

    private double Y(double value) => Height - Math.Clamp(value / _top, 0, 1) * Room;
}
