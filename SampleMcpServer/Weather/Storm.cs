using System.ComponentModel;

namespace AspireGateway.SampleMcpServer.Weather;

/// <summary>What <c>watch_storm</c> answers when it has watched to the end.</summary>
internal sealed record StormReport(string City, IReadOnlyList<StormSighting> Sightings, string Summary);

/// <summary>Where the storm was at one moment.</summary>
internal sealed record StormSighting(
    [property: Description("Number of the sighting, from 1")] int Step,
    [property: Description("Distance of the storm's eye from the city")] int DistanceKm,
    int WindKmh
)
{
    private const int StartKm = 400;

    /// <summary>The storm comes straight at the city and arrives with the last step.</summary>
    public static StormSighting At(City city, int step, int steps)
    {
        var distance = StartKm - (StartKm * step / steps);
        return new(step, distance, city.UsualWindKmh + 30 + ((StartKm - distance) / 5));
    }
}
