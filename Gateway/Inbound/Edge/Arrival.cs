using System.Diagnostics;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Inbound.Edge;

/// <summary>When an MCP request arrived, so that everything done for it counts; noted only where somebody measures.</summary>
internal sealed class Arrival
{
    private readonly long _at = Stopwatch.GetTimestamp();

    private Arrival() { }

    /// <summary>How long ago that was; null where nobody measures.</summary>
    public static TimeSpan? Ago(HttpContext context) =>
        context.Features.Get<Arrival>() is { } arrival ? Stopwatch.GetElapsedTime(arrival._at) : null;

    /// <summary>It arrives now.</summary>
    public static void Note(HttpContext context)
    {
        if (GatewayMetrics.MeasuresTime && context.IsMcpRequest())
        {
            context.Features.Set(new Arrival());
        }
    }
}
