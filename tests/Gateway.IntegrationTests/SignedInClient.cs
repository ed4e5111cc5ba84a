using System.Web;
using AspireGateway.TestKit;
using ModelContextProtocol.Authentication;
using ModelContextProtocol.Client;

namespace AspireGateway.Gateway.IntegrationTests;

/// <summary>The SDK's client with a scripted person at the browser.</summary>
internal sealed class SignedInClient(string user) : IDisposable
{
    private static readonly Uri Callback = new("http://127.0.0.1:7777/callback");

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false });
    private readonly Browser _browser = new();

    /// <summary>How often the person was sent to the browser.</summary>
    public int SignIns { get; private set; }

    /// <summary>The authorization requests that the browser was sent to, as their parameters.</summary>
    public IList<System.Collections.Specialized.NameValueCollection> Requests { get; } = [];

    /// <summary>Connects, signing in when the server asks for it.</summary>
    public Task<McpClient> ConnectAsync(
        Uri endpoint,
        string? revision = null,
        Action<ClientOAuthOptions>? change = null
    )
    {
        var oauth = new ClientOAuthOptions
        {
            RedirectUri = Callback,
            AuthorizationCallbackHandler = AuthorizeAsync,
            DynamicClientRegistration = new DynamicClientRegistrationOptions { ClientName = "Integration tests" },
        };
        change?.Invoke(oauth);
        var options = new HttpClientTransportOptions
        {
            Endpoint = endpoint,
            TransportMode = HttpTransportMode.StreamableHttp,
            EnableStandaloneGetStream = false,
            OAuth = oauth,
        };
        return McpClient.CreateAsync(
            new HttpClientTransport(options, _http),
            new McpClientOptions { ProtocolVersion = revision },
            cancellationToken: TestContext.Current.CancellationToken
        );
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
        var answer = await _browser.SignInAsync(
            context.AuthorizationUri,
            Callback,
            user,
            ComposedSystem.Password,
            cancellationToken: cancel
        );
        return new AuthorizationResult
        {
            Code = answer.Code ?? "",
            State = answer.State,
            Iss = answer.Issuer,
        };
    }
}
