using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer.Weather;

[McpServerToolType]
internal sealed class WeatherTools(TimeProvider time)
{
    private const int MaxDays = 7;
    private const int MaxSteps = 100;
    private const int MaxSecondsPerStep = 60;

    [McpServerTool(
        Name = "get_forecast",
        Title = "Weather forecast",
        ReadOnly = true,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description("Weather of a city for the next days. The cities are listed in the resource weather://cities.")]
    public static Forecast GetForecast(
        [Description("Name of the city, for example Berlin")] string city,
        [Description("How many days, 1 to 7, starting today")] int days = 3
    )
    {
        Require(days is >= 1 and <= MaxDays, $"days must be between 1 and {MaxDays}.");
        return Forecast.For(Find(city), days);
    }

    [McpServerTool(
        Name = "compare_cities",
        Title = "Compare cities",
        ReadOnly = true,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description("Ranks two or more cities by today's weather: warmest, driest or calmest first.")]
    public static Comparison CompareCities(
        [Description("Names of the cities, at least two")] string[] cities,
        [Description("What to rank by")] Measure by = Measure.Temperature
    )
    {
        var found = cities.Select(Find).Distinct().ToArray();
        Require(found.Length >= 2, "cities must name at least two different cities.");
        return Comparison.Of(found, by);
    }

    [McpServerTool(
        Name = "watch_storm",
        Title = "Watch a storm",
        ReadOnly = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description("Follows a storm until it reaches the city. Takes a while, reports progress, and can be cancelled.")]
    public async Task<StormReport> WatchStorm(
        [Description("Name of the city, for example Lisbon")] string city,
        IProgress<ProgressNotificationValue> progress,
        CancellationToken cancellationToken,
        [Description("How many times to look, 1 to 100")] int steps = 10,
        [Description("Seconds between two looks, 0 to 60")] double secondsPerStep = 0.5
    )
    {
        Require(steps is >= 1 and <= MaxSteps, $"steps must be between 1 and {MaxSteps}.");
        Require(
            secondsPerStep is >= 0 and <= MaxSecondsPerStep,
            $"secondsPerStep must be between 0 and {MaxSecondsPerStep}."
        );
        var place = Find(city);
        List<StormSighting> sightings = [];
        for (var step = 1; step <= steps; step++)
        {
            var sighting = StormSighting.At(place, step, steps);
            sightings.Add(sighting);
            progress.Report(
                new()
                {
                    Progress = step,
                    Total = steps,
                    Message = $"{sighting.DistanceKm} km from {place.Name}, wind {sighting.WindKmh} km/h",
                }
            );
            if (step < steps)
            {
                await Task.Delay(TimeSpan.FromSeconds(secondsPerStep), time, cancellationToken);
            }
        }

        return new(place.Name, sightings, $"The storm reached {place.Name} with {sightings[^1].WindKmh} km/h.");
    }

    private static City Find(string name) =>
        City.Find(name)
        ?? throw new McpException(
            $"There is no weather for '{name}'. Known cities: {string.Join(", ", City.All.Select(city => city.Name))}."
        );

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new McpException(otherwise);
        }
    }
}
