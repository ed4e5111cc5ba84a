using System.Globalization;

namespace AspireGateway.Bench;

/// <summary>How long and how hard to measure.</summary>
/// <param name="Rounds">Rounds; each runs every way once, and the median of all rounds counts.</param>
/// <param name="Seconds">Length of one run.</param>
/// <param name="Connections">Numbers of connections, each with one call in flight.</param>
internal sealed record BenchOptions(int Rounds, double Seconds, IReadOnlyList<int> Connections)
{
    public static BenchOptions Parse(string[] arguments)
    {
        var options = new BenchOptions(5, 3, [1, 16]);
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
                var unknown => throw new ArgumentException($"Unknown option {unknown}.", nameof(arguments)),
            };
        }

        return options;
    }
}
