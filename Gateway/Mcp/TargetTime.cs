using System.Diagnostics;
using AspireGateway.Gateway.Mcp.Requests;

namespace AspireGateway.Gateway.Mcp;

/// <summary>Adds the time until it is disposed to what a request has spent in targets.</summary>
internal readonly struct TargetTime(McpRequest request) : IDisposable
{
    private readonly long _asked = Stopwatch.GetTimestamp();

    public void Dispose() => request.InTarget += Stopwatch.GetElapsedTime(_asked);
}
