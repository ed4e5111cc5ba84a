using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Targets.Upstream.Wire;

namespace AspireGateway.Gateway.Mcp.Aggregate.Conversation;

/// <summary>
/// Calls of targets that speak an older revision, while a client of 2026-07-28 asks its person: the target's stream stays open, and the
/// client comes back with a request of its own. Bounded in number and time.
/// </summary>
internal sealed class ParkedCalls
{
    private const int MaxCalls = 1000;
    private const int MaxCallsOfOne = 10;

    private readonly ConcurrentDictionary<string, ParkedCall> _calls = new(StringComparer.Ordinal);

    /// <summary>Ids of all calls that wait here.</summary>
    public IEnumerable<string> Ids => _calls.Keys;

    /// <summary>Keeps a call; null when there are too many already.</summary>
    public string? TryPark(ParkedCall call)
    {
        if (
            _calls.Count >= MaxCalls
            || _calls.Values.Count(other => other.Talk.Caller.User == call.Talk.Caller.User) >= MaxCallsOfOne
        )
        {
            return null;
        }

        var id = RandomText.New();
        _calls[id] = call;
        call.Life.Park(ClientQuestions.Patience);
        call.Life.Token.UnsafeRegister(_ => _ = GiveUpAsync(id), state: null);
        return id;
    }

    /// <summary>Takes a call up again; null when it is not here any more.</summary>
    public ParkedCall? Take(string id) => _calls.TryRemove(id, out var call) ? call : null;

    private async Task GiveUpAsync(string id)
    {
        if (Take(id) is { } call)
        {
            await call.Exchange.DisposeAsync();
            call.Life.Dispose();
        }
    }
}

/// <summary>A call whose target waits for an answer.</summary>
/// <param name="Exchange">The target's stream.</param>
/// <param name="Asked">The target's request.</param>
/// <param name="Life">How long it waits.</param>
/// <param name="Talk">Between whom, without what belongs to the request that is over.</param>
internal sealed record ParkedCall(UpstreamExchange Exchange, JsonObject Asked, CallLifetime Life, TalkContext Talk);
