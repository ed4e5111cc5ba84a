using System.Diagnostics.CodeAnalysis;
using AspireGateway.SampleMcpServer.Weather;

namespace AspireGateway.SampleMcpServer;

/// <summary>Puts the configured sample behind the MCP endpoint. One folder per sample; a new one is one line in <see cref="Samples"/>.</summary>
internal static class SampleServer
{
    /// <summary>Path of the MCP endpoint.</summary>
    public const string McpPath = "/mcp";

    /// <summary>Exit code for a configuration that cannot work (EX_CONFIG of sysexits.h).</summary>
    public const int ConfigurationRefused = 78;

    /// <summary>
    /// The SDK's activity source. While somebody listens to it, the SDK continues the trace context that a caller sends in
    /// <c>params._meta</c>, beside the one in the HTTP headers that ASP.NET Core continues by itself.
    /// </summary>
    public const string TelemetrySource = "Experimental.ModelContextProtocol";

    private static readonly Dictionary<string, Action<IMcpServerBuilder>> Samples = new(StringComparer.Ordinal)
    {
        [WeatherSample.Name] = WeatherSample.Add,
    };

    /// <summary>
    /// Registers the sample that <c>SampleMcpServer:Sample</c> names. Every mistake of the configuration is in
    /// <paramref name="mistake"/>, each with its fix.
    /// </summary>
    public static bool TryAddSample(this WebApplicationBuilder builder, [NotNullWhen(false)] out string? mistake)
    {
        var options =
            builder.Configuration.GetSection(SampleServerOptions.Section).Get<SampleServerOptions>()
            ?? new SampleServerOptions();
        mistake = Validate(options, builder.Environment);
        if (mistake is not null)
        {
            return false;
        }

        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(options);
        var mcp = builder
            .Services.AddMcpServer(server =>
                server.ServerInfo = new()
                {
                    Name = options.Sample!,
                    Title = $"AspireGateway sample: {options.Sample}",
                    Version = typeof(SampleServer).Assembly.GetName().Version!.ToString(3),
                }
            )
            // Any replica can answer any request, in both protocol eras.
            .WithHttpTransport()
            .WithRequestFilters(filters => filters.AddCallToolFilter(ToolCallLog.Filter));
        Samples[options.Sample!](mcp);
        return true;
    }

    private static string? Validate(SampleServerOptions options, IHostEnvironment environment)
    {
        var known = string.Join(", ", Samples.Keys.Order(StringComparer.Ordinal));
        List<string> mistakes = [];
        if (string.IsNullOrWhiteSpace(options.Sample))
        {
            mistakes.Add($"SampleMcpServer:Sample is not set. Set it to one of: {known}.");
        }
        else if (!Samples.ContainsKey(options.Sample))
        {
            mistakes.Add(
                $"SampleMcpServer:Sample is '{options.Sample}', which does not exist. Set it to one of: {known}."
            );
        }

        if (options.LogArguments && !environment.IsDevelopment())
        {
            mistakes.Add(
                "SampleMcpServer:LogArguments is for Development only. Remove it, or set ASPNETCORE_ENVIRONMENT=Development."
            );
        }

        return mistakes.Count == 0 ? null : string.Join(Environment.NewLine, mistakes);
    }
}
