using System.ComponentModel;
using System.Text;

namespace AspireGateway.SampleMcpServer.Weather;

/// <summary>What <c>get_forecast</c> answers.</summary>
internal sealed record Forecast(string City, string Country, IReadOnlyList<ForecastDay> Days)
{
    /// <summary>Makes the forecast of the next <paramref name="days"/> days.</summary>
    public static Forecast For(City city, int days) =>
        new(city.Name, city.Country, [.. Enumerable.Range(0, days).Select(day => ForecastDay.For(city, day))]);
}

/// <summary>The weather of one day.</summary>
internal sealed record ForecastDay(
    [property: Description("0 is today, 1 tomorrow, and so on")] int Day,
    [property: Description("One word for the sky")] string Sky,
    int Celsius,
    int RainPercent,
    int WindKmh
)
{
    /// <summary>Makes the weather of the day that is <paramref name="day"/> days from now.</summary>
    public static ForecastDay For(City city, int day)
    {
        var celsius = city.UsualCelsius + Variation(city, day, "celsius", 5);
        var rain = Math.Clamp(city.UsualRainPercent + Variation(city, day, "rain", 30), 0, 100);
        var wind = Math.Max(1, city.UsualWindKmh + Variation(city, day, "wind", 9));
        return new(day, SkyFor(celsius, rain), celsius, rain, wind);
    }

    private static string SkyFor(int celsius, int rainPercent) =>
        rainPercent switch
        {
            > 70 when celsius < 2 => "snow",
            > 70 => "rain",
            > 50 => "showers",
            > 30 => "cloudy",
            _ => "sunny",
        };

    // FNV-1a: string.GetHashCode differs from process to process.
    private static int Variation(City city, int day, string of, int amplitude)
    {
        var hash = 2166136261u;
        foreach (var octet in Encoding.UTF8.GetBytes($"{city.Name}/{day}/{of}"))
        {
            hash = unchecked((hash ^ octet) * 16777619u);
        }

        return (int)(hash % (uint)((2 * amplitude) + 1)) - amplitude;
    }
}
