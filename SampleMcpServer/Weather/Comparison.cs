using System.ComponentModel;
using System.Text.Json.Serialization;

namespace AspireGateway.SampleMcpServer.Weather;

/// <summary>What cities can be compared by.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Measure>))]
internal enum Measure
{
    /// <summary>Warmest first.</summary>
    [JsonStringEnumMemberName("temperature")]
    Temperature,

    /// <summary>Driest first.</summary>
    [JsonStringEnumMemberName("rain")]
    Rain,

    /// <summary>Calmest first.</summary>
    [JsonStringEnumMemberName("wind")]
    Wind,
}

/// <summary>What <c>compare_cities</c> answers.</summary>
internal sealed record Comparison(
    [property: Description("What was compared")] Measure By,
    [property: Description("Best first")] IReadOnlyList<ComparedCity> Ranking
)
{
    /// <summary>Ranks cities by their weather of today; equal ones by name, so that the order never changes.</summary>
    public static Comparison Of(IEnumerable<City> cities, Measure by) =>
        new(
            by,
            [
                .. cities
                    .Select(city => (city.Name, Today: ForecastDay.For(city, 0)))
                    .OrderBy(entry => Badness(entry.Today, by))
                    .ThenBy(entry => entry.Name, StringComparer.Ordinal)
                    .Select((entry, index) => new ComparedCity(index + 1, entry.Name, entry.Today)),
            ]
        );

    private static int Badness(ForecastDay day, Measure by) =>
        by switch
        {
            Measure.Rain => day.RainPercent,
            Measure.Wind => day.WindKmh,
            _ => -day.Celsius,
        };
}

/// <summary>One city of a comparison.</summary>
internal sealed record ComparedCity(int Rank, string City, ForecastDay Today);
