using System.Collections.Specialized;
using System.Web;
using AspireGateway.TestKit;
using ModelContextProtocol;
using ModelContextProtocol.Authentication;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AspireGateway.Gateway.IntegrationTests.Systems;

/// <summary>The SDK's client with a person at the browser, by default a scripted one.</summary>
/// <param name="user">Who signs in.</param>
/// <param name="signIn">Opens an authorization URL, and brings what the redirect URI receives.</param>
internal sealed class SignedInClient(string user, Func<Uri, CancellationToken, Task<CallbackResult>>? signIn = null)
    : IDisposable
{
    /// <summary>Where the browser is sent back to; nobody listens there, the scripted browser stops in front of it.</summary>
    public static readonly Uri Callback = new("http://127.0.0.1:7777/callback");

    private readonly HttpClient _http = new(
        new PublicClient
        {
            InnerHandler = new SocketsHttpHandler { UseCookies = false, UseProxy = false },
        }
    );
    private readonly Browser _browser = new();

    /// <summary>How often the person was asked for a consent at a third party.</summary>
    public int Consents { get; private set; }

    /// <summary>How often the person was sent to the browser.</summary>
    public int SignIns { get; private set; }

    /// <summary>What the person does with the link of an elicitation; by default the scripted browser follows it to the end.</summary>
    public Func<Uri, Task>? OnLink { get; init; }

    /// <summary>The authorization requests that the browser was sent to, as their parameters.</summary>
    public IList<NameValueCollection> Requests { get; } = [];

    /// <summary>Registers itself, as programs do that nobody has registered before.</summary>
    public static Action<ClientOAuthOptions> Dynamic { get; } =
        static oauth => oauth.DynamicClientRegistration = new() { ClientName = "Integration tests" };

    /// <summary>Is known by this id.</summary>
    public static Action<ClientOAuthOptions> Known(string id) => oauth => oauth.ClientId = id;

    /// <summary>Connects, signing in when the server asks for it.</summary>
    public Task<McpClient> ConnectAsync(
        Uri endpoint,
        string? revision = null,
        Action<ClientOAuthOptions>? identity = null
    )
    {
        var oauth = new ClientOAuthOptions { RedirectUri = Callback, AuthorizationCallbackHandler = AuthorizeAsync };
        (identity ?? Dynamic)(oauth);
        var options = new HttpClientTransportOptions
        {
            Endpoint = endpoint,
            TransportMode = HttpTransportMode.StreamableHttp,
            EnableStandaloneGetStream = false,
            OAuth = oauth,
        };
        return McpClient.CreateAsync(
            new HttpClientTransport(options, _http),
            // The sign-in happens within the first request, which the SDK gives up after 5 s by default.
            new McpClientOptions
            {
                ProtocolVersion = revision,
                DiscoverProbeTimeout = Timeout.InfiniteTimeSpan,
                Capabilities = new ClientCapabilities { Elicitation = new() { Url = new() } },
                Handlers = new McpClientHandlers
                {
                    ElicitationHandler = async (asked, cancel) =>
                    {
                        await ConsentAsync(new Uri(asked!.Url!), cancel);
                        return new ElicitResult { Action = "accept" };
                    },
                },
            },
            cancellationToken: TestContext.Current.CancellationToken
        );
    }

    /// <summary>Calls a tool, and gives the person's consent where an older revision asks for it by an error.</summary>
    public async Task<CallToolResult> CallAsync(
        McpClient client,
        string tool,
        IReadOnlyDictionary<string, object?> arguments
    )
    {
        try
        {
            return await client.CallToolAsync(
                tool,
                arguments,
                cancellationToken: TestContext.Current.CancellationToken
            );
        }
        catch (UrlElicitationRequiredException asked)
        {
            foreach (var elicitation in asked.Elicitations)
            {
                await ConsentAsync(new Uri(elicitation.Url!), TestContext.Current.CancellationToken);
            }

            return await client.CallToolAsync(
                tool,
                arguments,
                cancellationToken: TestContext.Current.CancellationToken
            );
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _browser.Dispose();
    }

    private async Task<AuthorizationResult?> AuthorizeAsync(
        AuthorizationCallbackContext context,
        CancellationToken cancel
    )
    {
        SignIns++;
        Requests.Add(HttpUtility.ParseQueryString(context.AuthorizationUri.Query));
        var answer = await (signIn ?? SignInAsync)(context.AuthorizationUri, cancel);
        return answer.Code is { } code
            ? new AuthorizationResult
            {
                Code = code,
                State = answer.State,
                Iss = answer.Issuer,
            }
            : throw new InvalidOperationException($"No code, but the error {answer.Error}.");
    }

    private async Task ConsentAsync(Uri link, CancellationToken cancel)
    {
        Consents++;
        if (OnLink is not null)
        {
            await OnLink(link);
            return;
        }

        var page = await _browser.ConsentAsync(link, user, $"{user}.p", ComposedSystem.Password, cancel);
        page.Text.ShouldContain("is connected");
    }

    private Task<CallbackResult> SignInAsync(Uri url, CancellationToken cancel) =>
        _browser.SignInAsync(url, Callback, user, ComposedSystem.Password, cancellationToken: cancel);
}
