using System.Diagnostics.CodeAnalysis;
using AspireGateway.SampleMcpServer.Everything;
using AspireGateway.SampleMcpServer.Notes;
using AspireGateway.SampleMcpServer.Protection;
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

    private static readonly Dictionary<string, Sample> Samples = new Sample[]
    {
        EverythingSample.Definition,
        WeatherSample.Definition,
        NotesSample.Definition,
    }.ToDictionary(static sample => sample.Name, StringComparer.Ordinal);

    /// <summary>
    /// Registers the sample that <c>SampleMcpServer:Sample</c> names. Every mistake of the configuration is in
    /// <paramref name="mistake"/>, each with its fix.
    /// </summary>
    public static bool TryAddSample(this WebApplicationBuilder builder, [NotNullWhen(false)] out string? mistake)
    {
        var options =
            builder.Configuration.GetSection(SampleServerOptions.Section).Get<SampleServerOptions>()
            ?? new SampleServerOptions();
        mistake = SampleServerOptionsValidator.Validate(options, builder.Environment, Samples);
        if (mistake is not null)
        {
            return false;
        }

        var sample = Samples[options.Sample!];
        var title = $"AspireGateway sample: {sample.Name}";
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(options);
        if (sample.Scopes is { } scopes)
        {
            builder.AddProtection(new(new(options.PublicUrl!), options.Authority!, scopes, title));
        }

        var mcp = builder
            .Services.AddMcpServer(server =>
                server.ServerInfo = new()
                {
                    Name = sample.Name,
                    Title = title,
                    Version = typeof(SampleServer).Assembly.GetName().Version!.ToString(3),
                }
            )
            .WithHttpTransport(transport => transport.SessionMode = sample.SessionMode)
            .WithRequestFilters(filters => filters.AddCallToolFilter(ToolCallLog.Filter));
        sample.Add(mcp);
        return true;
    }

    /// <summary>Maps the MCP endpoint, behind its protection if the sample has one.</summary>
    public static void MapSample(this WebApplication app)
    {
        if (app.Services.GetService<ProtectedResource>() is not { } resource)
        {
            app.MapMcp(McpPath);
            return;
        }

        app.UseProtection(resource);
        app.MapMcp(McpPath).RequireAuthorization();
    }
}
