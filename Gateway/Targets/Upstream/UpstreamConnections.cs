namespace AspireGateway.Gateway.Targets.Upstream;

/// <summary>The connections to all targets.</summary>
internal sealed class UpstreamConnections(TargetRegistry targets, UpstreamHttp http, ILoggerFactory loggers)
    : IAsyncDisposable
{
    private readonly Dictionary<TargetName, UpstreamConnection> _connections = targets.All.ToDictionary(
        static target => target.Name,
        target => new UpstreamConnection(target, http, loggers)
    );

    /// <summary>The connection to a target; opened by its first use.</summary>
    public UpstreamConnection For(Target target) => _connections[target.Name];

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections.Values)
        {
            await connection.DisposeAsync();
        }
    }
}
