using AspireGateway.TestClient.Output;
using ModelContextProtocol.Protocol;
using Spectre.Console;

namespace AspireGateway.TestClient.Mcp;

/// <summary>The table of tools: name, arguments, description.</summary>
internal static class ToolTable
{
    private const int LongestDescription = 200;

    /// <summary>Prints the table.</summary>
    public static void Print(Terminal terminal, IReadOnlyCollection<Tool> tools)
    {
        if (tools.Count == 0)
        {
            terminal.Line("The server has no tools for you.", new Style(Color.Yellow));
            return;
        }

        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("Tool").NoWrap());
        table.AddColumn("Arguments");
        table.AddColumn("Description");
        foreach (var tool in tools)
        {
            var arguments = InputSchema
                .Read(tool.InputSchema)
                .Parameters.Select(static parameter => parameter.ToString());
            table.AddRow(
                Cell(terminal, tool.Name, new Style(Color.Aqua)),
                Cell(terminal, string.Join(", ", arguments), null),
                Cell(
                    terminal,
                    Printable.OneLine(tool.Description ?? tool.Title ?? "", LongestDescription),
                    new Style(Color.Grey)
                )
            );
        }

        terminal.Write(table);
    }

    private static Text Cell(Terminal terminal, string text, Style? style) => new(terminal.Clean(text), style);
}
