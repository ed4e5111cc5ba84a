using System.Text.Json;
using AspireGateway.TestClient.Consent;
using AspireGateway.TestClient.Flow;
using AspireGateway.TestClient.OAuth;
using AspireGateway.TestClient.Output;
using AspireGateway.TestClient.SignIn;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AspireGateway.TestClient.Mcp;

/// <summary>A connection to an MCP server, with everything that signs in when the server asks for it.</summary>
internal sealed class Connection : IAsyncDisposable
{
    // The SDK waits 5 seconds for the first answer before it tries an older revision. A person signs in within that
    // first request.
    private static readonly TimeSpan Patience = PersonsBrowser.Patience + TimeSpan.FromMinutes(1);

    private readonly CallbackListener _listener;
    private readonly HttpClient _browser;
    private readonly Authorizer _authorizer;

    private Connection(
        CallbackListener listener,
        HttpClient browser,
        Authorizer authorizer,
        ConsentFlow consents,
        McpClient client
    )
    {
        _listener = listener;
        _browser = browser;
        _authorizer = authorizer;
        Consents = consents;
        Client = client;
    }

    /// <summary>The SDK's client.</summary>
    public McpClient Client { get; }

    /// <summary>What happens when a call needs a consent at a third party.</summary>
    public ConsentFlow Consents { get; }

    /// <summary>Whether the server asked for a token.</summary>
    public bool SignedIn => _authorizer.SignIns > 0;

    /// <summary>Connects.</summary>
    public static async Task<Connection> OpenAsync(
        ConnectionSettings settings,
        RunContext run,
        CancellationToken cancellationToken
    )
    {
        var known = new FlowKnowledge();
        var browser = new HttpClient(Network()) { Timeout = FlowHandler.Patience };
        var listener = await CallbackListener.StartAsync(cancellationToken);
        try
        {
            IUserAgent userAgent = settings.User is { } user
                ? new ScriptedBrowser(browser, new(user) { ThirdParty = settings.ThirdParty }, run.Log, known, run.Time)
                : new PersonsBrowser(run.Browser, run.Terminal, run.Log, run.Time);
            var authorizer = new Authorizer(settings.Identity, listener, userAgent, run.Log, known);
            var consents = new ConsentFlow(userAgent, run.Log, known, settings.Server, run.Time);
            var options = new HttpClientTransportOptions
            {
                Endpoint = settings.Server,
                OAuth = ClientSetup.Create(settings.Identity, settings.Scopes, known, listener, authorizer, run.Tokens),
                // Only needed for messages that no request of ours has asked for: that a person has finished a consent. The
                // scripted browser knows by itself.
                EnableStandaloneGetStream = settings is { User: null, TakesElicitations: true },
            };
            var client = await McpClient.CreateAsync(
                new HttpClientTransport(options, Http(run, known), run.Logging, ownsHttpClient: true),
                Options(settings, consents),
                run.Logging,
                cancellationToken
            );
            return new(listener, browser, authorizer, consents, client);
        }
        catch
        {
            await listener.DisposeAsync();
            browser.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _listener.DisposeAsync();
        _browser.Dispose();
        Consents.Dispose();
    }

    private static McpClientOptions Options(ConnectionSettings settings, ConsentFlow consents)
    {
        var options = new McpClientOptions
        {
            ClientInfo = new()
            {
                Name = "aspire-gateway-testclient",
                Title = ClientSetup.Name,
                Version = typeof(Connection).Assembly.GetName().Version!.ToString(3),
            },
            ProtocolVersion = settings.ProtocolVersion,
            InitializationTimeout = Patience,
            DiscoverProbeTimeout = Patience,
        };
        if (settings.TakesElicitations)
        {
            options.Capabilities = new() { Elicitation = new() { Url = new() } };
            options.Handlers = new()
            {
                ElicitationHandler = consents.AnswerAsync,
                NotificationHandlers =
                [
                    new(
                        NotificationMethods.ElicitationCompleteNotification,
                        (notification, _) =>
                        {
                            var told = notification.Params.Deserialize<ElicitationCompleteNotificationParams>(
                                McpJsonUtilities.DefaultOptions
                            );
                            consents.Completed(told?.ElicitationId);
                            return default;
                        }
                    ),
                ],
            };
        }

        return options;
    }

    private static HttpClient Http(RunContext run, FlowKnowledge known) =>
        new(
            new FlowHandler(run.Log, known, run.Time)
            {
                InnerHandler = new RegistrationHandler(known)
                {
                    InnerHandler = new PublicClientHandler(known) { InnerHandler = Network() },
                },
            }
        )
        {
            // A tool may take as long as it likes; see FlowHandler for everything else.
            Timeout = Timeout.InfiniteTimeSpan,
        };

    // Redirects are never followed with credentials, and cookies have no business in MCP.
    private static SocketsHttpHandler Network() =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
        };
}

/// <summary>What a connection needs from the run that it belongs to.</summary>
internal sealed record RunContext(
    FlowLog Log,
    Terminal Terminal,
    IBrowserLauncher Browser,
    ILoggerFactory Logging,
    HeldTokens Tokens,
    TimeProvider Time
);
