using System.Globalization;

namespace AspireGateway.Dashboard.Pages;

/// <summary>Numbers and times as a person reads them.</summary>
internal static class Wording
{
    /// <summary>"42 s", "3 min", "2 h 5 min", "4 d 1 h".</summary>
    public static string Duration(TimeSpan span) =>
        span switch
        {
            { TotalSeconds: < 60 } => $"{Math.Max(0, (int)span.TotalSeconds)} s",
            { TotalMinutes: < 60 } => $"{(int)span.TotalMinutes} min",
            { TotalHours: < 24 } => $"{(int)span.TotalHours} h {span.Minutes} min",
            _ => $"{(int)span.TotalDays} d {span.Hours} h",
        };

    /// <summary>"0.4 ms", "12 ms", "3.21 s", "75.3 s", "2 min 5 s": how long something took.</summary>
    public static string Elapsed(TimeSpan span) =>
        span.TotalMilliseconds switch
        {
            < 10 => span.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture) + " ms",
            < 1000 => span.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) + " ms",
            < 10_000 => span.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture) + " s",
            < 120_000 => span.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
            < 3_600_000 => $"{(int)span.TotalMinutes} min {span.Seconds} s",
            _ => Duration(span),
        };

    /// <summary>"1 234", with a narrow no-break space.</summary>
    public static string Number(long number) =>
        number.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '\u202f');

    /// <summary>"1 span", "2 spans".</summary>
    public static string Count(long number, string one, string many) =>
        $"{Number(number)} {(number == 1 ? one : many)}";

    /// <summary>"Project · Gateway": what runs, without its folders.</summary>
    public static string Source(ResourceSnapshot resource)
    {
        const string project = ".csproj";
        var file = Path.GetFileName(resource.Source);
        var name = file.EndsWith(project, StringComparison.OrdinalIgnoreCase) ? file[..^project.Length] : file;
        return name.Length == 0 || name.Equals(resource.Type, StringComparison.OrdinalIgnoreCase)
            ? SafeText.Clean(resource.Type)
            : SafeText.Clean($"{resource.Type} · {name}");
    }

    /// <summary>Whether a person may follow it: anything but the web's schemes (javascript:, data:) stays text.</summary>
    public static bool IsWebUrl(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed)
        && (parsed.Scheme == Uri.UriSchemeHttp || parsed.Scheme == Uri.UriSchemeHttps);
}
