using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;

namespace AspireGateway.Gateway.Telemetry;

internal static class TelemetryExtensions
{
    /// <summary>Adds what spans need beyond their names, and chooses among the metrics of frameworks.</summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsValidator>();
        services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section).ValidateOnStart();
        services.AddSingleton<UserHash>();
        services.ConfigureOpenTelemetryMeterProvider(static metrics => metrics.AddView(FrameworkMetrics.View));
    }
}
