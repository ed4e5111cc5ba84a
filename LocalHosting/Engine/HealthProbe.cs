namespace AspireGateway.LocalHosting.Engine;

/// <summary>Asks a resource's health checks: often until it is healthy for the first time, then now and then.</summary>
internal sealed class HealthProbe : IDisposable
{
    private static readonly TimeSpan StartInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan SteadyInterval = TimeSpan.FromSeconds(3);

    private readonly TimeProvider _time;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    public HealthProbe(TimeProvider time) => _time = time;

    /// <summary>Reports each answer until cancelled: null for healthy, else what is wrong.</summary>
    public async Task WatchAsync(
        IReadOnlyList<HealthCheckDefinition> checks,
        Action<string?> report,
        CancellationToken cancellationToken
    )
    {
        var wasHealthy = false;
        while (true)
        {
            var trouble = await AskAsync(checks, cancellationToken);
            wasHealthy |= trouble is null;
            report(trouble);
            await Task.Delay(wasHealthy ? SteadyInterval : StartInterval, _time, cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<string?> AskAsync(
        IReadOnlyList<HealthCheckDefinition> checks,
        CancellationToken cancellationToken
    )
    {
        foreach (var check in checks)
        {
            if (await check.AskAsync(_http, cancellationToken) is { } trouble)
            {
                return trouble;
            }
        }

        return null;
    }
}
