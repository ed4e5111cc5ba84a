using System.Globalization;
using AspireGateway.TestClient.Output;
using Spectre.Console;

namespace AspireGateway.TestClient.Tour;

/// <summary>
/// The tables of the tour, one for each route: a row for each feature, a column for each revision; and the reasons below them. They are
/// Markdown, since docs/mcp-features.md shows them.
/// </summary>
internal static class TourTable
{
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Bad = new(Color.Red);
    private static readonly Style Absent = new(Color.Grey);

    /// <summary>Prints them.</summary>
    public static void Print(Terminal terminal, IReadOnlyList<TourCell> cells)
    {
        var reasons = cells
            .Select(static cell => cell.Reason)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .ToList();
        foreach (var route in cells.GroupBy(static cell => cell.Route, StringComparer.Ordinal))
        {
            terminal.Gap();
            terminal.Line(route.Key, new Style(Color.Aqua));
            terminal.Gap();
            terminal.Write(TableOf([.. route], reasons));
        }

        terminal.Gap();
        foreach (var (index, reason) in reasons.Index())
        {
            terminal.Line($"✘{Number(index)}  {reason}", Bad);
        }
    }

    private static Table TableOf(IReadOnlyList<TourCell> cells, List<string> reasons)
    {
        var table = new Table { Border = TableBorder.Markdown };
        table.AddColumn(new TableColumn("Feature").NoWrap());
        foreach (var revision in cells.Select(static cell => cell.Revision).Distinct(StringComparer.Ordinal))
        {
            table.AddColumn(new TableColumn(revision).NoWrap());
        }

        foreach (var row in cells.GroupBy(static cell => cell.Feature, StringComparer.Ordinal))
        {
            table.AddRow([new Text(row.Key), .. row.Select(cell => Mark(cell, reasons))]);
        }

        return table;
    }

    private static Text Mark(TourCell cell, List<string> reasons) =>
        !cell.Exists ? new("–", Absent)
        : cell.Reason is null ? new("✔", Good)
        : new($"✘{Number(reasons.IndexOf(cell.Reason))}", Bad);

    private static string Number(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);
}
