using System.Globalization;

namespace AspireGateway.Bench;

/// <summary>How long and how hard to measure.</summary>
/// <param name="Rounds">Rounds; each runs every way once, and the median of all rounds counts.</param>
/// <param name="Seconds">Length of one run.</param>
/// <param name="Connections">Numbers of connections, each with one call in flight.</param>
/// <param name="Tables">What to measure.</param>
/// <param name="Sets">How often gateways that differ in a setting are started anew, see <see cref="SettingsCost"/>.</param>
internal sealed record BenchOptions(
    int Rounds,
    double Seconds,
    IReadOnlyList<int> Connections,
    IReadOnlySet<string> Tables,
    int Sets
)
{
    /// <summary>The small call.</summary>
    public const string Small = "small";

    /// <summary>The small call with persons' own tokens; filling the vault takes a while.</summary>
    public const string Vault = "vault";

    /// <summary>The large result.</summary>
    public const string Big = "big";

    /// <summary>Streams.</summary>
    public const string Streams = "streams";

    /// <summary>The small call with and without the audit record.</summary>
    public const string Audit = "audit";

    /// <summary>The same with a record that waits for the disk.</summary>
    public const string Disk = "disk";

    /// <summary>The small call with and without telemetry.</summary>
    public const string Telemetry = "telemetry";

    private static readonly string[] AllTables = [Small, Vault, Big, Streams, Audit, Disk, Telemetry];

    public static BenchOptions Parse(string[] arguments)
    {
        var options = new BenchOptions(5, 3, [1, 16, 64], AllTables.ToHashSet(StringComparer.Ordinal), 3);
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            var value = arguments[i + 1];
            options = arguments[i] switch
            {
                "--rounds" => options with { Rounds = int.Parse(value, CultureInfo.InvariantCulture) },
                "--seconds" => options with { Seconds = double.Parse(value, CultureInfo.InvariantCulture) },
                "--connections" => options with
                {
                    Connections =
                    [
                        .. value.Split(',').Select(static text => int.Parse(text, CultureInfo.InvariantCulture)),
                    ],
                },
                "--sets" => options with { Sets = int.Parse(value, CultureInfo.InvariantCulture) },
                "--tables" => options with { Tables = TablesOf(value) },
                var unknown => throw new ArgumentException($"Unknown option {unknown}.", nameof(arguments)),
            };
        }

        return options;
    }

    // The summary compares with the small call.
    private static HashSet<string> TablesOf(string value)
    {
        var tables = value.Split(',').Append(Small).ToHashSet(StringComparer.Ordinal);
        return tables.Except(AllTables, StringComparer.Ordinal).FirstOrDefault() is { } unknown
            ? throw new ArgumentException(
                $"Unknown table {unknown}; there are {string.Join(", ", AllTables)}.",
                nameof(value)
            )
            : tables;
    }
}
