using AspireGateway.IdentityProvider.Pages;
using AspireGateway.IdentityProvider.Protocol;
using AspireGateway.IdentityProvider.Realms;
using AspireGateway.IdentityProvider.Registration;
using AspireGateway.IdentityProvider.Storage;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AspireGateway.IdentityProvider;

/// <summary>The identity provider as two calls, for its own process and for hosts in tests.</summary>
public static class IdentityProviderExtensions
{
    private const int ConfigurationError = 78;

    private const string AnyOrigin = "any-origin";

    /// <summary>Adds the realm that the section <c>IdentityProvider</c> names.</summary>
    /// <exception cref="OptionsValidationException">The configuration has mistakes; all of them are listed.</exception>
    public static void AddIdentityProvider(this WebApplicationBuilder builder)
    {
        var options = builder.ReadOptions();
        var realm = Realm.From(options);
        var folder = DataFolder.From(options);
        var keys = RealmKeys.Load(folder);

        builder.QuietLogs();
        builder.RedactTraces();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(realm);
        builder.Services.AddSingleton(Options.Create(options));
        builder.Services.AddStorage(options, folder);
        builder.Services.AddAuthorizationServer(options, realm, keys);
        builder.Services.AddPages(realm);
        builder.Services.AddRegistration();
        builder.Services.AddBrowserClients(realm);
    }

    /// <summary>Maps everything below <c>/realms/&lt;realm&gt;</c>, and the metadata that RFC 8414 wants at the root.</summary>
    public static void MapIdentityProvider(this WebApplication app)
    {
        var realm = app.Services.GetRequiredService<Realm>();
        var paths = realm.Paths;
        app.UsePublicUrl(realm.PublicUrl);
        app.UseCors();
        app.UseDatabase(paths);
        app.UseAuthentication();

        app.MapMethods(
            paths.Authorize,
            [HttpMethods.Get, HttpMethods.Post],
            static (HttpContext http, AuthorizeEndpoint endpoint) => endpoint.HandleAsync(http)
        );
        app.MapPost(paths.Login, LoginEndpoint.HandleAsync);
        app.MapMethods(paths.Logout, [HttpMethods.Get, HttpMethods.Post], LogoutEndpoint.HandleAsync);
        app.MapGet(paths.Style, Page.StyleSheet);
        app.MapPost(paths.Token, TokenEndpoint.HandleAsync).RequireCors(AnyOrigin);
        app.MapPost(paths.Register, RegistrationEndpoint.HandleAsync).RequireCors(AnyOrigin);

        // OpenIddict answers these before routing gets to them; they are mapped so that CORS and telemetry know their names.
        foreach (var path in (string[])[.. paths.Metadata, paths.Keys, paths.UserInfo, paths.Revoke])
        {
            app.Map(path, static () => Results.NotFound()).RequireCors(AnyOrigin);
        }
    }

    /// <summary>Prints every mistake with its fix.</summary>
    /// <returns>The exit code for a wrong configuration (EX_CONFIG).</returns>
    public static int Report(this OptionsValidationException refused)
    {
        Console.Error.WriteLine(
            $"The identity provider did not start: {refused.Failures.Count()} mistake(s) in its configuration."
        );
        foreach (var failure in refused.Failures)
        {
            Console.Error.WriteLine("  - " + failure);
        }

        return ConfigurationError;
    }

    private static IdentityProviderOptions ReadOptions(this WebApplicationBuilder builder)
    {
        var options = new IdentityProviderOptions();
        builder.Configuration.GetSection(IdentityProviderOptions.Section).Bind(options);
        var result = new IdentityProviderOptionsValidator(builder.Environment).Validate(null, options);
        return result.Failed
            ? throw new OptionsValidationException(
                IdentityProviderOptions.Section,
                typeof(IdentityProviderOptions),
                result.Failures
            )
            : options;
    }

    private static void AddPages(this IServiceCollection services, Realm realm)
    {
        services.AddScoped<AuthorizeEndpoint>();
        services.AddScoped<Consents>();
        services.AddScoped<Session>();
        services.AddSingleton<PendingRequests>();
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.FormFieldName = Session.AntiforgeryFieldName;
            antiforgery.Cookie.Name = Session.CookieName(realm.Name, "page");
            antiforgery.Cookie.Path = realm.Paths.Root;
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services
            .AddAuthentication()
            .AddCookie(
                Session.Scheme,
                cookie =>
                {
                    cookie.Cookie.Name = Session.CookieName(realm.Name, "session");
                    cookie.Cookie.Path = realm.Paths.Root;
                    cookie.Cookie.HttpOnly = true;
                    cookie.Cookie.SameSite = SameSiteMode.Lax;
                    cookie.ExpireTimeSpan = TimeSpan.FromHours(10);
                }
            );
    }

    private static void AddRegistration(this IServiceCollection services)
    {
        services.AddScoped<RegisteredClients>();
        services.AddSingleton<MetadataDocuments>();
    }

    private static void AddBrowserClients(this IServiceCollection services, Realm realm)
    {
        services.AddCors(cors =>
            cors.AddPolicy(AnyOrigin, static policy => policy.AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod())
        );
        // Only names of this machine: a page elsewhere cannot reach this server through a name that it controls.
        services.Configure<HostFilteringOptions>(filter =>
            filter.AllowedHosts = [realm.PublicUrl.Host, "localhost", "127.0.0.1", "[::1]"]
        );
    }
}
