using System.Net.Http.Headers;
using System.Threading.Channels;
using AspireGateway.TestClient.Mcp;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AspireGateway.TestClient.Tour;

/// <summary>A client of one revision on one route, which answers everything that it is asked and keeps what it is told.</summary>
internal sealed class TourClient : IAsyncDisposable
{
    private const string KnownTool = "test_simple_text";
    private const string KnownResource = "test://static-text";

    private static readonly string[] Heard =
    [
        NotificationMethods.LoggingMessageNotification,
        NotificationMethods.ProgressNotification,
        NotificationMethods.ResourceUpdatedNotification,
        NotificationMethods.ToolListChangedNotification,
        NotificationMethods.SubscriptionsAcknowledgedNotification,
    ];

    private readonly Channel<JsonRpcNotification> _told;
    private readonly HttpClient _http;
    private string _toolPrefix = "";
    private string _resourcePrefix = "";

    private TourClient(
        McpClient client,
        Uri server,
        HttpClient http,
        Replies replies,
        Channel<JsonRpcNotification> told
    )
    {
        Client = client;
        Server = server;
        _http = http;
        Replies = replies;
        _told = told;
    }

    /// <summary>The SDK's client.</summary>
    public McpClient Client { get; }

    /// <summary>The endpoint.</summary>
    public Uri Server { get; }

    /// <summary>What it answers, and was asked.</summary>
    public Replies Replies { get; }

    /// <summary>The revision.</summary>
    public string Revision => Client.NegotiatedProtocolVersion!;

    /// <summary>Whether the revision has no sessions.</summary>
    public bool IsModern => string.CompareOrdinal(Revision, Revisions.WithoutSessions) >= 0;

    /// <summary>Requests by hand, signed in like the client.</summary>
    public HttpClient Http => _http;

    /// <summary>Connects and finds out how the server's names are written on this route.</summary>
    public static async Task<TourClient> OpenAsync(
        Uri server,
        string revision,
        string? accessToken,
        ILoggerFactory logging,
        CancellationToken cancellationToken
    )
    {
        var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (accessToken is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        }

        try
        {
            var told = Channel.CreateUnbounded<JsonRpcNotification>();
            var replies = new Replies();
            var client = await McpClient.CreateAsync(
                new HttpClientTransport(
                    new() { Endpoint = server, EnableStandaloneGetStream = true },
                    http,
                    logging,
                    ownsHttpClient: false
                ),
                Options(revision, replies, told),
                logging,
                cancellationToken
            );
            var tour = new TourClient(client, server, http, replies, told);
            await tour.LearnNamesAsync(cancellationToken);
            return tour;
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }

    /// <summary>A tool's, or a prompt's, name on this route.</summary>
    public string Name(string name) => _toolPrefix + name;

    /// <summary>A resource's address on this route.</summary>
    public string Address(string uri) => _resourcePrefix + uri;

    /// <summary>Calls a tool.</summary>
    public async Task<CallToolResult> CallAsync(
        string tool,
        CancellationToken cancellationToken,
        params (string Name, object? Value)[] arguments
    ) => await Client.CallToolAsync(Name(tool), Arguments(arguments), cancellationToken: cancellationToken);

    /// <summary>Arguments as the SDK takes them.</summary>
    public static Dictionary<string, object?> Arguments(params (string Name, object? Value)[] arguments) =>
        arguments.ToDictionary(static a => a.Name, static a => a.Value, StringComparer.Ordinal);

    /// <summary>Forgets what it was told so far.</summary>
    public void Forget()
    {
        while (_told.Reader.TryRead(out _)) { }
    }

    /// <summary>The next notification of a kind; others are passed over.</summary>
    public async Task<JsonRpcNotification> ToldAsync(string method, CancellationToken cancellationToken)
    {
        while (true)
        {
            var notification = await _told.Reader.ReadAsync(cancellationToken);
            if (notification.Method == method)
            {
                return notification;
            }
        }
    }

    /// <summary>Whether it is told so in time.</summary>
    public async Task<bool> IsToldAsync(string method, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(patience);
        try
        {
            await ToldAsync(method, end.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        _http.Dispose();
    }

    // On the endpoint of all targets, names have their target's name in front, written as its administrator likes.
    private async Task LearnNamesAsync(CancellationToken cancellationToken)
    {
        _toolPrefix = PrefixOf(
            KnownTool,
            (await ToolCalls.ListAsync(Client, cancellationToken)).Select(static tool => tool.Name)
        );
        _resourcePrefix = PrefixOf(
            KnownResource,
            (await Client.ListResourcesAsync(cancellationToken: cancellationToken)).Select(static one => one.Uri)
        );
    }

    private static string PrefixOf(string name, IEnumerable<string> listed) =>
        listed.FirstOrDefault(one => one.EndsWith(name, StringComparison.Ordinal)) is { } found
            ? found[..^name.Length]
            : throw new ClientFailure(
                $"The server does not list {name}.",
                "The tour needs the sample server 'everything', alone or behind the gateway."
            );

    private static McpClientOptions Options(string revision, Replies replies, Channel<JsonRpcNotification> told) =>
        new()
        {
            ProtocolVersion = revision,
            Capabilities = new()
            {
                Elicitation = new() { Form = new(), Url = new() },
                Sampling = new(),
                Roots = new(),
            },
            Handlers = new()
            {
                ElicitationHandler = (question, _) => ValueTask.FromResult(replies.Answer(question)),
                SamplingHandler = static (_, _, _) =>
                    ValueTask.FromResult(
                        new CreateMessageResult
                        {
                            Model = "tour",
                            Content = [new TextContentBlock { Text = Replies.FromModel }],
                        }
                    ),
                RootsHandler = static (_, _) =>
                    ValueTask.FromResult(new ListRootsResult { Roots = [new() { Uri = Replies.Root }] }),
                NotificationHandlers = Heard.Select(method =>
                    KeyValuePair.Create<string, Func<JsonRpcNotification, CancellationToken, ValueTask>>(
                        method,
                        (notification, cancellationToken) => told.Writer.WriteAsync(notification, cancellationToken)
                    )
                ),
            },
        };
}
