using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Targets.Upstream.Wire;

/// <summary>Reads the messages of an event stream one by one, none larger than a limit.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private readonly BoundedStream _stream;
    private readonly IAsyncEnumerator<SseItem<JsonNode?>> _events;

    /// <summary>Starts to read.</summary>
    /// <param name="stream">The stream, which it disposes.</param>
    /// <param name="cancel">Stops reading.</param>
    public EventReader(Stream stream, CancellationToken cancel)
    {
        _stream = new BoundedStream(stream);
        _events = SseParser.Create(_stream, Parse).EnumerateAsync(cancel).GetAsyncEnumerator(cancel);
    }

    /// <summary>The id of the last event that had one: where a broken stream is taken up again.</summary>
    public string? LastId { get; private set; }

    /// <summary>How long the target wants to be left alone before that.</summary>
    public TimeSpan? Pause { get; private set; }

    /// <summary>The next message; null at the end of the stream.</summary>
    /// <exception cref="IOException">The stream broke, or a message is too large.</exception>
    /// <exception cref="System.Text.Json.JsonException">An event is not JSON.</exception>
    public async ValueTask<JsonObject?> NextAsync()
    {
        while (await _events.MoveNextAsync())
        {
            _stream.StartMessage();
            var item = _events.Current;
            LastId = string.IsNullOrEmpty(item.EventId) ? LastId : item.EventId;
            Pause = item.ReconnectionInterval ?? Pause;
            if (item.Data is JsonObject message)
            {
                return message;
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync();
        await _stream.DisposeAsync();
    }

    // Events without data only carry an id.
    private static JsonNode? Parse(string type, ReadOnlySpan<byte> data) => data.IsEmpty ? null : JsonNode.Parse(data);
}
