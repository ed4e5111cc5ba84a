using OpenTelemetry.Instrumentation.AspNetCore;

namespace AspireGateway.IdentityProvider;

/// <summary>Keeps codes, tokens, state and passwords out of logs and traces, and every URL the configured one.</summary>
internal static class Hygiene
{
    private const string QueryTag = "url.query";

    /// <summary>The frameworks' request logs hold query strings; what is worth knowing is logged by this project itself.</summary>
    public static void QuietLogs(this WebApplicationBuilder builder) =>
        builder
            .Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning)
            .AddFilter("OpenIddict", LogLevel.Warning)
            // Its only news is that keys are kept in files without a further key, which is intended here.
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

    /// <summary>Not even the redacted form of the authorization request's query belongs in a trace.</summary>
    public static void RedactTraces(this WebApplicationBuilder builder) =>
        builder.Services.Configure<AspNetCoreTraceInstrumentationOptions>(static options =>
        {
            options.EnrichWithHttpRequest = static (activity, _) => activity.SetTag(QueryTag, null);
            options.EnrichWithHttpResponse = static (activity, _) => activity.SetTag(QueryTag, null);
        });

    /// <summary>Issuer, endpoints and cookies follow the configured URL, whichever name of this machine a request used.</summary>
    public static void UsePublicUrl(this WebApplication app, Uri publicUrl) =>
        app.Use(
            (http, next) =>
            {
                http.Request.Scheme = publicUrl.Scheme;
                http.Request.Host = HostString.FromUriComponent(publicUrl);
                return next(http);
            }
        );
}
