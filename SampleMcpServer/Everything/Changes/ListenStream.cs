using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer.Everything.Changes;

/// <summary>
/// Handles <c>subscriptions/listen</c>: says what it will tell, then tells it on the stream of the request until the client
/// leaves. The SDK's own handler tells nothing where there is no session.
/// </summary>
internal static class ListenStream
{
    // A client that does not read loses the oldest news; all that news says is "look again".
    private const int Waiting = 16;

    /// <summary>Serves one stream.</summary>
    public static async ValueTask<EmptyResult> HandleAsync(
        RequestContext<SubscriptionsListenRequestParams> request,
        CancellationToken cancellationToken
    )
    {
        var wanted = request.Params.Notifications;
        var watches = wanted.ResourceSubscriptions?.Contains(WatchedResource.Uri) is true;
        var watched = request.Services!.GetRequiredService<WatchedResource>();
        var server = request.Server.ServerOptions;
        var news = Channel.CreateBounded<(string Method, JsonObject Parameters)>(
            new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest }
        );
        EventHandler tools = (_, _) => Tell(NotificationMethods.ToolListChangedNotification);
        EventHandler prompts = (_, _) => Tell(NotificationMethods.PromptListChangedNotification);
        EventHandler resources = (_, _) => Tell(NotificationMethods.ResourceListChangedNotification);
        EventHandler update = (_, _) =>
            Tell(NotificationMethods.ResourceUpdatedNotification, ("uri", WatchedResource.Uri));

        // Listening begins before the acknowledgement is sent: a client that has it misses nothing.
        server.ToolCollection!.Changed += wanted.ToolsListChanged is true ? tools : null;
        server.PromptCollection!.Changed += wanted.PromptsListChanged is true ? prompts : null;
        server.ResourceCollection!.Changed += wanted.ResourcesListChanged is true ? resources : null;
        watched.Changed += watches ? update : null;
        try
        {
            await SendAsync(NotificationMethods.SubscriptionsAcknowledgedNotification, Granted(wanted, watches));
            var stopping = request.Services!.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
            await foreach (var (method, parameters) in news.Reader.ReadAllAsync(end.Token))
            {
                await SendAsync(method, parameters);
            }
        }
        catch (OperationCanceledException)
        {
            // The client has left, or the server stops: the ordinary end.
        }
        finally
        {
            server.ToolCollection.Changed -= tools;
            server.PromptCollection.Changed -= prompts;
            server.ResourceCollection.Changed -= resources;
            watched.Changed -= update;
        }

        return new EmptyResult();

        void Tell(string method, params (string Name, string Value)[] parameters) =>
            news.Writer.TryWrite(
                (method, [.. parameters.Select(static p => KeyValuePair.Create(p.Name, (JsonNode?)p.Value))])
            );

        Task SendAsync(string method, JsonObject parameters)
        {
            parameters["_meta"] = new JsonObject { [MetaKeys.SubscriptionId] = Id(request.JsonRpcRequest.Id) };
            return request.Server.SendMessageAsync(
                new JsonRpcNotification { Method = method, Params = parameters },
                cancellationToken
            );
        }
    }

    private static JsonObject Granted(SubscriptionsListenNotifications wanted, bool watches)
    {
        JsonObject granted = [];
        Add("toolsListChanged", wanted.ToolsListChanged);
        Add("promptsListChanged", wanted.PromptsListChanged);
        Add("resourcesListChanged", wanted.ResourcesListChanged);
        if (watches)
        {
            granted["resourceSubscriptions"] = new JsonArray(WatchedResource.Uri);
        }

        return new() { ["notifications"] = granted };

        void Add(string name, bool? value)
        {
            if (value is true)
            {
                granted[name] = true;
            }
        }
    }

    private static JsonNode? Id(RequestId id) => id.Id is long number ? number : id.ToString();
}
