using System.Net;
using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Targets.Upstream.Wire;

/// <summary>The two streams on which targets say what belongs to no call: GET (to 2025-11-25), <c>subscriptions/listen</c> (2026-07-28).</summary>
internal static class UnaskedMessages
{
    /// <summary>Listens with GET, until the target ends the stream.</summary>
    /// <returns>False when the target has no such stream.</returns>
    public static async Task<bool> HearAsync(TargetHttp http, IUnaskedListener listener, CancellationToken cancel)
    {
        using var response = await http.ListenAsync(lastEventId: null, cancel);
        if (response.StatusCode is HttpStatusCode.MethodNotAllowed)
        {
            return false;
        }

        response.EnsureSuccessStatusCode();
        listener.OnListening();
        await using var events = new EventReader(await response.Content.ReadAsStreamAsync(cancel), cancel);
        while (await events.NextAsync() is { } message)
        {
            switch (UpstreamMessages.KindOf(message, id: 0))
            {
                case UpstreamMessageKind.Notification:
                    await listener.OnNotificationAsync(
                        message["method"]!.GetValue<string>(),
                        message["params"] as JsonObject,
                        cancel
                    );
                    break;
                case UpstreamMessageKind.Question:
                    // It belongs to no call, so there is nobody whom it could be put to.
                    var refusal = RequestWriter.WriteAnswer(message["id"]!, Refusals.NobodyToAsk(message));
                    using (await http.PostAsync(refusal, call: null, cancel)) { }

                    break;
            }
        }

        return true;
    }

    /// <summary>Listens with a request of its own, until the target ends it.</summary>
    /// <returns>False when the target knows no such request.</returns>
    public static async Task<bool> SubscribeAsync(
        TargetHttp http,
        IReadOnlyCollection<string> uris,
        IUnaskedListener listener,
        CancellationToken cancel
    )
    {
        var wanted = new JsonObject
        {
            ["toolsListChanged"] = true,
            ["promptsListChanged"] = true,
            ["resourcesListChanged"] = true,
        };
        if (uris.Count > 0)
        {
            wanted["resourceSubscriptions"] = new JsonArray([.. uris.Select(static uri => JsonValue.Create(uri))]);
        }

        var call = new UpstreamCall("subscriptions/listen", new JsonObject { ["notifications"] = wanted })
        {
            Listener = listener,
        };
        await using var exchange = await UpstreamExchange.StartAsync(http, call, static () => { }, cancel);
        return (await exchange.NextAsync()).ContainsKey("result");
    }
}
