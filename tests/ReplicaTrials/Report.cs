using System.Globalization;

namespace AspireGateway.ReplicaTrials;

/// <summary>What a person who runs a trial reads.</summary>
internal static class Report
{
    private static readonly long Started = TimeProvider.System.GetTimestamp();

    public static void Line(string text) =>
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{TimeProvider.System.GetElapsedTime(Started).TotalSeconds, 6:0.0} s  {text}"
            )
        );
}
