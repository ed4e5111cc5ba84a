using AspireGateway.TestKit;

namespace AspireGateway.IdentityProvider.Tests.Contract;

/// <summary>
/// What every provider of the realms must do: the embedded one, Keycloak. One file per subject; a class of tests per
/// provider derives from it.
/// </summary>
public abstract partial class IdentityProviderContract
{
    private const string AliceSubject = "a11ce000-0000-4000-8000-00000000c04b";
    private const string BobSubject = "b0b00000-0000-4000-8000-00000000c04b";
    private const string ToolScopes = "openid profile email mcp:tools";

    /// <summary>Takes the provider, or skips where there is none.</summary>
    protected IdentityProviderContract(IProviderFixture fixture)
    {
        Assert.SkipWhen(fixture.Missing is not null, fixture.Missing ?? "");
        Provider = fixture.Provider;
    }

    /// <summary>The provider under test.</summary>
    protected ProviderUnderTest Provider { get; }

    /// <summary>Cancelled when the test run is.</summary>
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The test client in <c>corp</c>.</summary>
    protected Task<OAuthClient> CorpClientAsync() => OAuthClient.DiscoverAsync(Provider.Corp, Stop);

    /// <summary>A client that nobody has consented to yet.</summary>
    protected async Task<OAuthClient> NewClientAsync()
    {
        var client = await CorpClientAsync();
        var (_, body) = await client.RegisterAsync(Registration("none", client.RedirectUri.OriginalString), Stop);
        client.ClientId = (string)body["client_id"]!;
        return client;
    }

    /// <summary>The gateway's client in <c>partner</c>.</summary>
    protected async Task<OAuthClient> PartnerClientAsync()
    {
        var client = await OAuthClient.DiscoverAsync(Provider.Partner, Stop);
        client.ClientId = "aspire-gateway";
        client.ClientSecret = Provider.GatewaySecret;
        client.RedirectUri = new Uri(Provider.Gateway + "/connect/callback/notes");
        return client;
    }

    /// <summary>The whole flow for a user of <c>corp</c>, in a browser of its own.</summary>
    protected async Task<TokenResult> SignInAsync(
        OAuthClient client,
        string user = "alice",
        string scope = ToolScopes,
        string? resource = null
    )
    {
        using var browser = new Browser();
        return await client.GetTokenAsync(browser, user, Provider.Password, scope, resource, Stop);
    }

    /// <summary>Opens an authorization request as alice, and returns what the redirect URI receives.</summary>
    protected async Task<CallbackResult> AuthorizeAsync(
        OAuthClient client,
        AuthorizationRequest request,
        bool accept = true
    )
    {
        using var browser = new Browser();
        var redirect = new Uri(request["redirect_uri"]!);
        var user = client.Issuer == Provider.Partner.OriginalString ? "alice.p" : "alice";
        return await browser.SignInAsync(request.Url, redirect, user, Provider.Password, accept, Stop);
    }
}
