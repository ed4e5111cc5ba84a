using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Targets.Upstream.Wire;

/// <summary>One request to a target, before it is known which revision the target speaks.</summary>
/// <param name="Method">MCP method.</param>
/// <param name="Parameters">Its parameters, which are read and never changed; what a client said in <c>_meta</c> about itself is left out.</param>
internal sealed record UpstreamCall(string Method, JsonObject Parameters)
{
    /// <summary>What the target may ask during the call.</summary>
    public ClientAbilities Abilities { get; init; }

    /// <summary>From which level on the target is to send log messages; null for what it does by itself.</summary>
    public string? LogLevel { get; init; }

    /// <summary>Whether the target is to report progress.</summary>
    public bool WantsProgress { get; init; }

    /// <summary>Hears what the target says during the call; null when nobody does.</summary>
    public ICallListener? Listener { get; init; }

    /// <summary>Answers to the target's input requests (2026-07-28); takes the place of what stands in the parameters.</summary>
    public InputAnswers? Answers { get; init; }

    /// <summary>Headers that repeat arguments which the tool's schema marks.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ParameterHeaders { get; init; } = [];
}

/// <summary>What a request is repeated with after <c>input_required</c>.</summary>
/// <param name="Responses">By the keys of the input requests; null for none.</param>
/// <param name="RequestState">The target's own state, untouched; null when it gave none.</param>
internal sealed record InputAnswers(JsonObject? Responses, string? RequestState);

/// <summary>Hears the notifications that a target sends on the stream of one call.</summary>
internal interface ICallListener
{
    /// <summary>Called for one after the other; the stream is read on when it is done, which bounds what waits for a slow reader.</summary>
    /// <param name="method">For example <c>notifications/progress</c>; its token has been checked and taken out.</param>
    /// <param name="parameters">The notification's own parameters; null for none.</param>
    /// <param name="cancel">Ends with the call.</param>
    ValueTask OnNotificationAsync(string method, JsonObject? parameters, CancellationToken cancel);
}

/// <summary>Hears what a target tells outside of calls.</summary>
internal interface IUnaskedListener : ICallListener
{
    /// <summary>
    /// Called when the stream is open on which the target tells (to 2025-11-25). In newer revisions it says so itself, by
    /// <c>notifications/subscriptions/acknowledged</c>.
    /// </summary>
    void OnListening();
}
