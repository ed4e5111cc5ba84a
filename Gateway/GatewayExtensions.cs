using System.Diagnostics;
using AspireGateway.Gateway.Telemetry;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway;

internal static class GatewayExtensions
{
    /// <summary>Adds the options that every feature reads.</summary>
    public static void AddGateway(this IHostApplicationBuilder builder)
    {
        // Static, because the MCP SDK and SocketsHttpHandler take it from there.
        DistributedContextPropagator.Current = new NoBaggagePropagator();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>();
        builder.Services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section).ValidateOnStart();
    }

    /// <summary>Runs until it is stopped; a wrong configuration is listed in full, one line each, with exit code 78 (EX_CONFIG).</summary>
    public static async Task<int> RunGatewayAsync(this WebApplication app)
    {
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (Exception exception) when (ConfigurationErrors(exception) is { Count: > 0 } errors)
        {
            var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("AspireGateway.Gateway");
            logger.ConfigurationRefused(
                errors.Count,
                string.Join(Environment.NewLine, errors.Select(static e => "  - " + e))
            );
            await app.DisposeAsync();
            return 78;
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
