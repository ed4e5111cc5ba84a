using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace AspireGateway.ServiceDefaults;

/// <summary>What every process of the system does alike: telemetry, health, service discovery, resilient HTTP.</summary>
public static class Extensions
{
    /// <summary>Path that answers 200 when the process may receive traffic.</summary>
    public const string HealthPath = "/health";

    /// <summary>Path that answers 200 while the process itself is alive, whatever its dependencies do.</summary>
    public const string AlivePath = "/alive";

    private const string LiveTag = "live";

    /// <summary>
    /// Adds OpenTelemetry (exported over OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set), health checks and service
    /// discovery. Resilience for HTTP clients is opt-in per client (<see cref="AddStandardResilience"/>): a retried
    /// token request or tool call is not the same request.
    /// </summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="sources">Names of the process's own activity sources and meters.</param>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder, params string[] sources)
        where TBuilder : IHostApplicationBuilder
    {
        ParentWatch.AddTo(builder);
        builder.AddTelemetry(sources);
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        builder.Services.AddSingleton<HealthLog>();
        builder.Logging.AddFilter(HealthLog.FrameworkCategory, LogLevel.None);
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(static http => http.AddServiceDiscovery());
        return builder;
    }

    /// <summary>Adds retries, a circuit breaker and timeouts to a client whose requests may safely be repeated.</summary>
    public static IHttpClientBuilder AddStandardResilience(this IHttpClientBuilder http)
    {
        http.AddStandardResilienceHandler();
        return http;
    }

    /// <summary>Maps <see cref="HealthPath"/> and <see cref="AlivePath"/>; both are anonymous and say nothing but a word.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks(HealthPath, new HealthCheckOptions { ResponseWriter = HealthLog.WriteAsync })
            .AllowAnonymous();
        app.MapHealthChecks(
                AlivePath,
                new HealthCheckOptions { Predicate = static check => check.Tags.Contains(LiveTag) }
            )
            .AllowAnonymous();
        return app;
    }

    private static void AddTelemetry(this IHostApplicationBuilder builder, string[] sources)
    {
        // Spans that nobody receives would cost each request some microseconds.
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            return;
        }

        // Without scopes: ASP.NET Core's hold the path of the request, and the path of a consent's link opens it.
        builder.Logging.AddOpenTelemetry(static logging => logging.IncludeFormattedMessage = true);

        // Before everything that exports.
        builder.Services.ConfigureOpenTelemetryTracerProvider(static tracing =>
            tracing.AddProcessor(new PathRedaction())
        );
        builder.AddSecondCopy();

        builder
            .Services.AddOpenTelemetry()
            .UseOtlpExporter()
            .WithMetrics(metrics =>
                metrics
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddMeter(sources)
            )
            .WithTracing(tracing =>
                tracing
                    .AddSource(sources)
                    .AddSource(builder.Environment.ApplicationName)
                    .AddAspNetCoreInstrumentation(static options => options.Filter = IsNotHealthProbe)
                    .AddHttpClientInstrumentation()
            );
    }

    private static bool IsNotHealthProbe(HttpContext context) =>
        !context.Request.Path.StartsWithSegments(HealthPath, StringComparison.Ordinal)
        && !context.Request.Path.StartsWithSegments(AlivePath, StringComparison.Ordinal);
}
