using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AspireGateway.TestClient.Tour.Stops;

/// <summary>Calls that take a while.</summary>
internal static class RunningStops
{
    private const string Logs = "test_logging_tool";

    public static readonly Stop[] All =
    [
        new("progress", ProgressAsync),
        new("cancellation", CancelAsync),
        new("log messages", LogAsync),
    ];

    private static async Task ProgressAsync(TourClient client, CancellationToken cancellationToken)
    {
        var token = $"tour-{Guid.NewGuid():N}";
        await client.Client.CallToolAsync(
            new CallToolRequestParams
            {
                Name = client.Name("test_tool_with_progress"),
                Meta = new JsonObject { ["progressToken"] = token },
            },
            cancellationToken
        );
        // The SDK hands out messages side by side, so the last one may come after the result.
        List<double> reported = [];
        while (reported.Count < 3)
        {
            var told = await client.ToldAsync(NotificationMethods.ProgressNotification, cancellationToken);
            Expect.That(told.Params?["progressToken"]?.ToString() == token, "the progress is of another call");
            reported.Add((double)told.Params!["progress"]!);
        }

        reported.Sort();
        Expect.That(reported is [0, 50, 100], $"progress was {string.Join(", ", reported)}, not 0, 50, 100");
    }

    private static async Task CancelAsync(TourClient client, CancellationToken cancellationToken)
    {
        var label = $"tour-{Guid.NewGuid():N}";
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var call = client.Client.SendRequestAsync(
            new JsonRpcRequest
            {
                Id = new(label),
                Method = RequestMethods.ToolsCall,
                Params = new JsonObject
                {
                    ["name"] = client.Name("count_slowly"),
                    ["arguments"] = new JsonObject { ["steps"] = 10_000, ["label"] = label },
                },
            },
            leave.Token
        );
        await UntilAsync(client, label, "running", cancellationToken);
        if (!client.IsModern)
        {
            // In sessions, who leaves has not cancelled; and the SDK's client says nothing by itself.
            await client.Client.SendNotificationAsync(
                NotificationMethods.CancelledNotification,
                new CancelledNotificationParams { RequestId = new(label) },
                cancellationToken: cancellationToken
            );
        }

        await leave.CancelAsync();
        try
        {
            await call;
        }
        // It was cancelled, here and perhaps at the server too.
        catch (Exception end) when (end is OperationCanceledException or McpException) { }

        await UntilAsync(client, label, "cancelled", cancellationToken);
    }

    private static async Task UntilAsync(
        TourClient client,
        string label,
        string state,
        CancellationToken cancellationToken
    )
    {
        string seen;
        do
        {
            var result = await client.CallAsync("how_did_it_end", cancellationToken, ("label", label));
            seen = Expect.Content<TextContentBlock>(result.Content).Text;
            Expect.That(seen is not "completed", "the call went on to its end");
        } while (seen != state);
    }

    private static async Task LogAsync(TourClient client, CancellationToken cancellationToken)
    {
        if (client.IsModern)
        {
            await LogInOneRequestAsync(client, cancellationToken);
            return;
        }

        await client.Client.SetLoggingLevelAsync(LoggingLevel.Info, cancellationToken: cancellationToken);
        await client.CallAsync(Logs, cancellationToken);
        for (var message = 0; message < 3; message++)
        {
            await client.ToldAsync(NotificationMethods.LoggingMessageNotification, cancellationToken);
        }
    }

    // By hand: the SDK's client takes the level out of every request.
    private static async Task LogInOneRequestAsync(TourClient client, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, client.Server);
        request.Content = JsonContent.Create(
            new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = 1,
                ["method"] = RequestMethods.ToolsCall,
                ["params"] = new JsonObject
                {
                    ["name"] = client.Name(Logs),
                    ["arguments"] = new JsonObject(),
                    ["_meta"] = new JsonObject
                    {
                        ["io.modelcontextprotocol/protocolVersion"] = client.Revision,
                        ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
                        ["io.modelcontextprotocol/logLevel"] = "info",
                    },
                },
            }
        );
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", client.Revision);
        request.Headers.Add("Mcp-Method", RequestMethods.ToolsCall);
        request.Headers.Add("Mcp-Name", client.Name(Logs));
        using var response = await client.Http.SendAsync(request, cancellationToken);
        var stream = await response.Content.ReadAsStringAsync(cancellationToken);
        var messages = stream.Split(NotificationMethods.LoggingMessageNotification).Length - 1;
        Expect.That(messages == 3, $"there were {messages} log messages, not 3");
    }
}
