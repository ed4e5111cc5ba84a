using System.Globalization;

namespace AspireGateway.TestClient.Output;

/// <summary>Durations as people read them.</summary>
internal static class Durations
{
    /// <summary>Milliseconds below a second, else seconds.</summary>
    public static string Short(TimeSpan duration) =>
        duration.TotalMilliseconds < 1000
            ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0} ms")
            : Seconds(duration);

    /// <summary>Seconds with one digit.</summary>
    public static string Seconds(TimeSpan duration) =>
        string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.0} s");
}
