using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AspireGateway.TestClient.Tour.Stops;

/// <summary>Servers that tell what has changed: in the session, or on a stream that the client listens to.</summary>
internal static class ChangeStops
{
    private const string Watched = "test://watched-resource";

    // The tool comes and goes. Who reads the lists after two such changes, this one and that of the visit before, sees none; then it is
    // changed once more.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public static readonly Stop[] All =
    [
        new("resource: updates", UpdatesAsync),
        new("list of tools: changes", ToolsAsync),
    ];

    private static async Task UpdatesAsync(TourClient client, CancellationToken cancellationToken)
    {
        var address = client.Address(Watched);
        await using var listening = client.IsModern
            ? await ListenAsync(
                client,
                new JsonObject { ["resourceSubscriptions"] = new JsonArray(address) },
                cancellationToken
            )
            : null;
        if (!client.IsModern)
        {
            await client.Client.SubscribeToResourceAsync(address, cancellationToken: cancellationToken);
        }

        await client.CallAsync("change_watched_resource", cancellationToken);
        var told = await client.ToldAsync(NotificationMethods.ResourceUpdatedNotification, cancellationToken);
        Expect.That(
            told.Params?["uri"]?.ToString() == address,
            $"the update is about {told.Params?["uri"]}, not {address}"
        );
        if (!client.IsModern)
        {
            await client.Client.UnsubscribeFromResourceAsync(address, cancellationToken: cancellationToken);
        }
    }

    private static async Task ToolsAsync(TourClient client, CancellationToken cancellationToken)
    {
        await using var listening = client.IsModern
            ? await ListenAsync(client, new JsonObject { ["toolsListChanged"] = true }, cancellationToken)
            : null;
        do
        {
            await client.CallAsync("test_trigger_tool_change", cancellationToken);
        } while (
            !await client.IsToldAsync(NotificationMethods.ToolListChangedNotification, Patience, cancellationToken)
        );
    }

    private static async Task<Listening> ListenAsync(
        TourClient client,
        JsonObject wanted,
        CancellationToken cancellationToken
    )
    {
        var listening = new Listening(client, wanted, cancellationToken);
        var granted = await client.ToldAsync(
            NotificationMethods.SubscriptionsAcknowledgedNotification,
            cancellationToken
        );
        Expect.That(granted.Params?["notifications"] is JsonObject { Count: > 0 }, "the server grants no subscription");
        return listening;
    }

    /// <summary>A request that stays open for what the server has to tell.</summary>
    private sealed class Listening : IAsyncDisposable
    {
        private readonly CancellationTokenSource _leave;
        private readonly Task _request;

        public Listening(TourClient client, JsonObject wanted, CancellationToken cancellationToken)
        {
            _leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _request = client.Client.SendRequestAsync(
                new JsonRpcRequest
                {
                    Method = RequestMethods.SubscriptionsListen,
                    Params = new JsonObject { ["notifications"] = wanted },
                },
                _leave.Token
            );
        }

        public async ValueTask DisposeAsync()
        {
            await _leave.CancelAsync();
            try
            {
                await _request;
            }
            // That is how listening ends.
            catch (Exception end) when (end is OperationCanceledException or McpException or HttpRequestException) { }

            _leave.Dispose();
        }
    }
}
