using AspireGateway.Gateway.Mcp.Requests;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireGateway.Gateway.Mcp.Limits;

/// <summary>
/// The end of this process as requests see it. At SIGTERM, streams without end are ended at once, for their clients to go on at another
/// replica; calls may finish, and those that do not are told so before the process must be gone.
/// </summary>
internal sealed class Drain : IHealthCheck, IDisposable
{
    /// <summary>What the caller of a call is told that did not finish in time.</summary>
    public const string Message =
        "This replica of the gateway is about to end, and the call did not finish before. Whether it had an effect is not known.";

    /// <summary>How long calls may go on after SIGTERM.</summary>
    public static readonly TimeSpan CallGrace = TimeSpan.FromSeconds(20);

    /// <summary>How long the host waits for requests before it cuts their connections off; below the 30 s of Kubernetes.</summary>
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(25);

    private readonly IHostApplicationLifetime _lifetime;
    private readonly CancellationTokenSource _calls;
    private readonly CancellationTokenRegistration _registration;

    public Drain(IHostApplicationLifetime lifetime, TimeProvider time)
    {
        _lifetime = lifetime;
        _calls = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _registration = lifetime.ApplicationStopping.Register(
            static state => ((Drain)state!)._calls.CancelAfter(CallGrace),
            this
        );
    }

    /// <summary>Whether the process is about to end.</summary>
    public bool HasBegun => _lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Ends streams that would otherwise go on for ever.</summary>
    public CancellationToken StreamsEnd => _lifetime.ApplicationStopping;

    /// <summary>Ends calls that did not finish in time.</summary>
    public CancellationToken CallsEnd => _calls.Token;

    /// <summary>What ends a request when the process does.</summary>
    public CancellationToken EndOf(McpRequest request) => request.IsListening ? StreamsEnd : CallsEnd;

    /// <summary>Not healthy while draining, so that no new traffic is sent here.</summary>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            HasBegun
                ? HealthCheckResult.Unhealthy("The process is about to end and takes no new calls.")
                : HealthCheckResult.Healthy()
        );

    public void Dispose()
    {
        _registration.Dispose();
        _calls.Dispose();
    }
}
