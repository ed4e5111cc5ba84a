using System.Collections.Concurrent;
using System.Diagnostics;
using AspireGateway.Gateway.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace AspireGateway.Gateway.Tests.Hosting;

/// <summary>Everything that OpenTelemetry's SDK would export of the gateway and of ASP.NET Core, with its sampler.</summary>
internal sealed class RecordedSpans : IDisposable
{
    private readonly TracerProvider _provider;
    private readonly Keeper _keeper = new();

    public RecordedSpans() =>
        _provider = Sdk.CreateTracerProviderBuilder()
            .AddSource(GatewayTelemetry.Name, "Microsoft.AspNetCore")
            .AddProcessor(_keeper)
            .Build();

    /// <summary>What has ended so far.</summary>
    public IReadOnlyList<Activity> All => [.. _keeper.Ended];

    /// <summary>How many of a name have begun so far, whether or not they have ended.</summary>
    public int Begun(string name) => _keeper.Begun.Count(one => one == name);

    public Activity Single(string name) => All.Where(span => span.OperationName == name).ShouldHaveSingleItem();

    public void Dispose() => _provider.Dispose();

    private sealed class Keeper : BaseProcessor<Activity>
    {
        public ConcurrentQueue<Activity> Ended { get; } = new();

        public ConcurrentQueue<string> Begun { get; } = new();

        public override void OnStart(Activity data) => Begun.Enqueue(data.OperationName);

        // What only travels is not exported.
        public override void OnEnd(Activity data)
        {
            if (data.Recorded)
            {
                Ended.Enqueue(data);
            }
        }
    }
}
