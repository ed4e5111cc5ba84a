using System.Diagnostics;
using AspireGateway.Gateway.Telemetry;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;

namespace AspireGateway.Gateway;

internal static class GatewayExtensions
{
    /// <summary>Adds the options that every feature reads.</summary>
    public static void AddGateway(this IHostApplicationBuilder builder)
    {
        // Static, because the MCP SDK and SocketsHttpHandler take it from there; OpenTelemetry has another one, which reads
        // and writes baggage unless it is the plain one.
        DistributedContextPropagator.Current = new NoBaggagePropagator();
        builder.Services.AddSingleton(DistributedContextPropagator.Current);
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>();
        builder.Services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section).ValidateOnStart();
    }

    /// <summary>Exit code for a configuration that was refused (EX_CONFIG of sysexits).</summary>
    public const int ConfigurationRefusedExitCode = 78;

    /// <summary>Checks all settings before anything is built from them; a wrong configuration is logged in full, one line for each mistake.</summary>
    public static bool HasValidConfiguration(this WebApplication app)
    {
        try
        {
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            return true;
        }
        catch (Exception exception) when (ConfigurationErrors(exception) is { Count: > 0 } errors)
        {
            var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("AspireGateway.Gateway");
            logger.ConfigurationRefused(
                errors.Count,
                string.Join(Environment.NewLine, errors.Select(static e => "  - " + e))
            );
            return false;
        }
    }

    private static List<string> ConfigurationErrors(Exception exception) =>
        exception switch
        {
            OptionsValidationException validation => [.. validation.Failures],
            AggregateException aggregate => [.. aggregate.InnerExceptions.SelectMany(ConfigurationErrors)],
            _ => [],
        };
}
