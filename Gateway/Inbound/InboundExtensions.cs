using AspireGateway.Gateway.Inbound.Challenge;
using AspireGateway.Gateway.Inbound.Edge;
using AspireGateway.Gateway.Inbound.Metadata;
using AspireGateway.Gateway.Inbound.SignIn;
using AspireGateway.Gateway.Inbound.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Inbound;

internal static class InboundExtensions
{
    /// <summary>CORS policy of documents that everybody may read.</summary>
    public const string OpenCorsPolicy = "open";

    /// <summary>CORS policy of the MCP endpoints: the configured origins only.</summary>
    public const string McpCorsPolicy = "mcp";

    /// <summary>Authorization policy of the MCP endpoints.</summary>
    public const string McpPolicy = "mcp";

    /// <summary>Adds the gateway's side as OAuth resource server: issuers, token validation, challenges and metadata.</summary>
    public static void AddInbound(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<InboundOptions>, InboundOptionsValidator>();
        services.AddOptions<InboundOptions>().BindConfiguration(InboundOptions.Section).ValidateOnStart();
        AddTokens(builder);
        AddSignIn(services);

        services.AddSingleton<EdgeRules>();
        services.AddSingleton<ScopeNames>();
        services.AddSingleton<MetadataDocuments>();
        services.AddSingleton<RefusalWriter>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationResultHandler>();
        var anyToken = new AuthorizationPolicyBuilder().AddRequirements(new TokenRequirement(ScopeSet.Empty)).Build();
        services.AddAuthorizationBuilder().SetDefaultPolicy(anyToken).SetFallbackPolicy(anyToken);
        services.AddOptions<AuthorizationOptions>().Configure<IOptions<InboundOptions>>(AddMcpPolicy);
        services.AddCors();
        services
            .AddOptions<Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions>()
            .Configure<IOptions<InboundOptions>>(CorsPolicies.Add);
    }

    /// <summary>Step 1: host, origin and content type; CORS for pages that may call.</summary>
    public static void UseEdge(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetRequiredService<IOptions<InboundOptions>>().Value.AllowAnonymous)
        {
            app.ApplicationServices.GetRequiredService<ILogger<EdgeMiddleware>>().AuthenticationIsOff();
        }

        app.UseMiddleware<EdgeMiddleware>();
        app.UseCors();
    }

    /// <summary>Publishes the protected resource metadata.</summary>
    public static void MapProtectedResourceMetadata(this IEndpointRouteBuilder endpoints) =>
        MetadataEndpoints.MapProtectedResourceMetadata(endpoints);

    /// <summary>Receives browsers that come back from signing in at an issuer.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder endpoints) => SignInEndpoints.Map(endpoints);

    private static void AddTokens(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services
            .AddHttpClient(IssuerRegistry.HttpClientName, static client => client.Timeout = TimeSpan.FromSeconds(10))
            .ConfigurePrimaryHttpMessageHandler(static () =>
                new SocketsHttpHandler
                {
                    AllowAutoRedirect = false,
                    UseCookies = false,
                    ConnectTimeout = TimeSpan.FromSeconds(5),
                }
            );
        services.AddSingleton<IssuerRegistry>();
        services.AddSingleton<AccessTokenRules>();
        services.AddSingleton<AccessTokenCache>();
        services.AddSingleton<AccessTokenValidator>();
        services.AddSingleton<IConfigureOptions<AuthenticationOptions>, IssuerSchemes>();
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, IssuerSchemes>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<IPolicyEvaluator, CallerEvaluator>();
        services.AddAuthentication();
        services.AddHealthChecks().AddCheck<IssuerHealthCheck>("issuers");
    }

    private static void AddSignIn(IServiceCollection services)
    {
        services.AddSingleton<IAuthenticationSchemeProvider, SchemesWithoutRequestHandlers>();
        services.AddSingleton<BrowserCookies>();
        services.AddSingleton<BrowserSignIn>();
        services.AddSingleton<IConfigureOptions<AuthenticationOptions>, SignInSchemes>();
        services.AddSingleton<IConfigureOptions<CookieAuthenticationOptions>, SignInSchemes>();
        services.AddSingleton<IConfigureOptions<OpenIdConnectOptions>, SignInSchemes>();
        // What the handlers' own registration would add: data protection and state formats, defaults of the cookie handler.
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<
                IPostConfigureOptions<OpenIdConnectOptions>,
                OpenIdConnectPostConfigureOptions
            >()
        );
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<
                IPostConfigureOptions<CookieAuthenticationOptions>,
                PostConfigureCookieAuthenticationOptions
            >()
        );
        services.AddTransient<SignInHandler>();
        services.AddTransient<CookieAuthenticationHandler>();
    }

    private static void AddMcpPolicy(AuthorizationOptions options, IOptions<InboundOptions> inbound)
    {
        var needed = ScopeSet.Parse(inbound.Value.RequiredScopes);
        options.AddPolicy(McpPolicy, policy => policy.AddRequirements(new TokenRequirement(needed)));
    }
}
