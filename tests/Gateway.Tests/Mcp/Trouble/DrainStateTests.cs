using AspireGateway.Gateway.Mcp.Limits;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Mcp.Trouble;

/// <summary>What a process that is about to end says about itself.</summary>
public sealed class DrainStateTests
{
    [Fact]
    public async Task It_is_not_healthy_ends_streams_at_once_and_calls_after_a_while()
    {
        var time = new FakeTimeProvider();
        using var lifetime = new Lifetime();
        using var drain = new Drain(lifetime, time);
        (await HealthAsync(drain)).ShouldBe(HealthStatus.Healthy);

        lifetime.StopApplication();

        (await HealthAsync(drain)).ShouldBe(HealthStatus.Unhealthy);
        drain.StreamsEnd.IsCancellationRequested.ShouldBeTrue();
        drain.CallsEnd.IsCancellationRequested.ShouldBeFalse();
        time.Advance(Drain.CallGrace);
        drain.CallsEnd.IsCancellationRequested.ShouldBeTrue();
        Drain.CallGrace.ShouldBeLessThan(Drain.ShutdownTimeout);
    }

    private static async Task<HealthStatus> HealthAsync(Drain drain) =>
        (await drain.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken)).Status;

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }
}
