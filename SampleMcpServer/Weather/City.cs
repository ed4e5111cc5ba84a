namespace AspireGateway.SampleMcpServer.Weather;

/// <summary>A city with what is usual for it; the forecast varies around that.</summary>
/// <param name="Name">English name.</param>
/// <param name="Country">Country it is in.</param>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
/// <param name="UsualCelsius">Usual temperature at noon.</param>
/// <param name="UsualRainPercent">Usual chance of rain.</param>
/// <param name="UsualWindKmh">Usual wind speed.</param>
internal sealed record City(
    string Name,
    string Country,
    double Latitude,
    double Longitude,
    int UsualCelsius,
    int UsualRainPercent,
    int UsualWindKmh
)
{
    /// <summary>All cities of the sample, by name.</summary>
    public static readonly IReadOnlyList<City> All =
    [
        new("Amsterdam", "Netherlands", 52.4, 4.9, 13, 55, 24),
        new("Berlin", "Germany", 52.5, 13.4, 14, 40, 16),
        new("Cape Town", "South Africa", -33.9, 18.4, 20, 20, 28),
        new("Lisbon", "Portugal", 38.7, -9.1, 21, 15, 18),
        new("London", "United Kingdom", 51.5, -0.1, 14, 50, 17),
        new("Mumbai", "India", 19.1, 72.9, 31, 60, 14),
        new("Nairobi", "Kenya", -1.3, 36.8, 24, 35, 15),
        new("Oslo", "Norway", 59.9, 10.8, 8, 45, 12),
        new("Paris", "France", 48.9, 2.4, 16, 38, 15),
        new("São Paulo", "Brazil", -23.6, -46.6, 23, 48, 11),
        new("Seattle", "United States", 47.6, -122.3, 13, 62, 14),
        new("Tokyo", "Japan", 35.7, 139.7, 19, 42, 16),
    ];

    /// <summary>Finds a city whatever the case and accents of <paramref name="name"/>; null when there is none.</summary>
    public static City? Find(string name) => All.FirstOrDefault(city => Plain(city.Name) == Plain(name));

    private static string Plain(string name) => name.Trim().ToUpperInvariant().Replace('Ã', 'A');
}
