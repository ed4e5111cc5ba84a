using AspireGateway.Gateway.Inbound.SignIn;
using AspireGateway.Gateway.Outbound.Accounts;
using AspireGateway.Gateway.Outbound.AuthorizationCode;
using AspireGateway.Gateway.Outbound.Connect;
using AspireGateway.Gateway.Outbound.Discovery;
using AspireGateway.Gateway.Outbound.Http;
using AspireGateway.Gateway.Outbound.Refresh;
using AspireGateway.Gateway.Outbound.Registration;
using AspireGateway.Gateway.Outbound.SelfService;
using AspireGateway.Gateway.Targets.Credentials;
using AspireGateway.Gateway.Vault;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Outbound;

internal static class OutboundExtensions
{
    /// <summary>Adds the gateway as OAuth client: people's consent, their tokens, and what keeps them alive.</summary>
    public static void AddOutbound(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<OutboundOptions>, OutboundOptionsValidator>();
        services.AddOptions<OutboundOptions>().BindConfiguration(OutboundOptions.Section).ValidateOnStart();

        services.AddSingleton<OutboundHttp>();
        services.AddSingleton<JsonDocuments>();
        services
            .AddHttpClient(OutboundHttp.ClientName, static client => client.Timeout = TimeSpan.FromSeconds(30))
            .ConfigurePrimaryHttpMessageHandler(static provider =>
                provider.GetRequiredService<OutboundHttp>().CreateHandler()
            );

        services.AddSingleton<AuthorizationServerMetadata>();
        services.AddSingleton<KnownAuthorizationServers>();
        services.AddSingleton<ProtectedResources>();
        services.AddSingleton<TargetDiscovery>();
        services.AddSingleton<DynamicRegistration>();
        services.AddSingleton<RegisteredClients>();
        services.AddSingleton<ClientRegistrations>();
        services.AddSingleton<ThirdParties>();
        services.AddSingleton<ClientAssertions>();
        services.AddSingleton<TokenEndpoint>();
        services.AddSingleton<AccountNames>();
        services.AddSingleton<RefreshAttempt>();
        services.AddSingleton<TokenRefresher>();
        services.AddSingleton<ICredentialProvider, AuthorizationCodeProvider>();
        services.AddSingleton<ITargetCredentials, TargetCredentials>();
        AddConnect(services);
    }

    /// <summary>Maps the pages that people see, what programs may do in their place, and the gateway's client id metadata document.</summary>
    public static void MapConnect(this IEndpointRouteBuilder endpoints)
    {
        // Anonymous for the fallback policy, which asks for access tokens: these have a browser session, and check it themselves.
        var pages = endpoints.MapGroup("").AllowAnonymous();
        PageAssets.Map(pages);
        pages.MapConnectionsPage();
        endpoints.MapConnectionsApi();
        ClientDocument.Map(pages);
        pages.MapGet(
            ConsentRequests.Path + "{handle}",
            static (string handle, HttpContext context, ConsentEndpoints page, CancellationToken cancel) =>
                page.OpenAsync(context, handle, cancel)
        );
        pages.MapPost(
            ConsentRequests.Path + "{handle}",
            static (string handle, HttpContext context, ConsentEndpoints page, CancellationToken cancel) =>
                page.ContinueAsync(context, handle, cancel)
        );
        pages.MapPost(
            ConsentRequests.Path + "{handle}/switch",
            static (string handle, HttpContext context, ConsentEndpoints page, CancellationToken cancel) =>
                page.SwitchAsync(context, handle, cancel)
        );
        pages.MapGet(
            RedirectUris.Path + "{target}",
            static (string target, HttpContext context, CallbackEndpoint callback, CancellationToken cancel) =>
                callback.ReceiveAsync(context, target, cancel)
        );
        pages.MapGet(
            SignInSchemes.SignInFailedPath,
            static (HttpContext context, ConnectPage page) =>
                page.Refuse(context, ConnectRefusal.SignInFailed, browser: null)
        );
    }

    private static void AddConnect(IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddAntiforgery();
        services
            .AddOptions<AntiforgeryOptions>()
            .Configure<BrowserCookies>(
                static (options, cookies) =>
                {
                    cookies.Apply(options.Cookie, "form");
                    options.SuppressXFrameOptionsHeader = true;
                }
            );
        services.AddSelfService();
        services.AddSingleton<Notices>();
        services.AddSingleton<ConsentRequests>();
        services.AddSingleton<IRecordExpiry, ExpiredConsents>();
        services.AddSingleton<ClientConsents>();
        services.AddSingleton<WithheldScopes>();
        services.AddSingleton<PendingAuthorizations>();
        services.AddSingleton<FlowCookie>();
        services.AddSingleton<ConnectPage>();
        services.AddSingleton<ConsentSession>();
        services.AddSingleton<Connections>();
        services.AddSingleton<ConsentEndpoints>();
        services.AddSingleton<CodeExchange>();
        services.AddSingleton<CallbackEndpoint>();
    }
}
