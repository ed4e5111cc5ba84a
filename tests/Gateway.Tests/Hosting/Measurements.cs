using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Tests.Hosting;

/// <summary>What the gateway's meter measures from now on.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Measurement> _all = new();

    public Measurements()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == GatewayTelemetry.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public IReadOnlyList<Measurement> Of(string name) => [.. _all.Where(one => one.Name == name)];

    /// <summary>The outcomes that a counter was told, in their order.</summary>
    public IReadOnlyList<string> OutcomesOf(string name) =>
        [.. Of(name).Select(static one => one.Tags[(Tags.Outcome.Length + 1)..])];

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _all.Enqueue(
            new(
                instrument.Name,
                value,
                string.Join(", ", tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}"))
            )
        );
}

/// <summary>One of them, its attributes as text.</summary>
internal sealed record Measurement(string Name, double Value, string Tags);
