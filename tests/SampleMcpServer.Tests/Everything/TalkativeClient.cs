using System.Text.Json;
using System.Threading.Channels;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AspireGateway.SampleMcpServer.Tests.Everything;

/// <summary>What a client is made of that answers every question the same way and keeps what it is told.</summary>
internal sealed class TalkativeClient
{
    private readonly Channel<JsonRpcNotification> _told = Channel.CreateUnbounded<JsonRpcNotification>();

    /// <summary>The last question for a person.</summary>
    public ElicitRequestParams? Asked { get; private set; }

    public McpClientOptions Options(string revision) =>
        new()
        {
            ProtocolVersion = revision,
            Capabilities = new()
            {
                Roots = new(),
                Sampling = new(),
                Elicitation = new() { Form = new(), Url = new() },
            },
            Handlers = new()
            {
                ElicitationHandler = (question, _) =>
                {
                    Asked = question;
                    return ValueTask.FromResult(
                        new ElicitResult
                        {
                            Action = "accept",
                            Content = question!.RequestedSchema?.Properties.Keys.ToDictionary(
                                static name => name,
                                static name => JsonSerializer.SerializeToElement($"my {name}"),
                                StringComparer.Ordinal
                            ),
                        }
                    );
                },
                SamplingHandler = (_, _, _) =>
                    ValueTask.FromResult(
                        new CreateMessageResult
                        {
                            Model = "test",
                            Content = [new TextContentBlock { Text = "as the model says" }],
                        }
                    ),
                RootsHandler = (_, _) =>
                    ValueTask.FromResult(new ListRootsResult { Roots = [new() { Uri = "file:///work" }] }),
                NotificationHandlers =
                [
                    Keep(NotificationMethods.LoggingMessageNotification),
                    Keep(NotificationMethods.ToolListChangedNotification),
                    Keep(NotificationMethods.ResourceUpdatedNotification),
                    Keep(NotificationMethods.SubscriptionsAcknowledgedNotification),
                ],
            },
        };

    /// <summary>The next thing that the server told.</summary>
    public async Task<JsonRpcNotification> NextAsync(CancellationToken cancellationToken) =>
        await _told.Reader.ReadAsync(cancellationToken);

    private KeyValuePair<string, Func<JsonRpcNotification, CancellationToken, ValueTask>> Keep(string method) =>
        KeyValuePair.Create<string, Func<JsonRpcNotification, CancellationToken, ValueTask>>(
            method,
            (notification, cancellationToken) => _told.Writer.WriteAsync(notification, cancellationToken)
        );
}
