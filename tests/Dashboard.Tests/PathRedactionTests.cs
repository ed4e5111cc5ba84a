using System.Diagnostics;
using AspireGateway.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace AspireGateway.Dashboard.Tests;

/// <summary>What a process exports names no address that opens something.</summary>
public sealed class PathRedactionTests
{
    private const string Link = "0123456789_abcdefghij-ABCDEFGHIJ0123456789012";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("url.path", $"/connect/{Link}", "/connect/*")]
    [InlineData("url.path", $"/connect/{Link}/go", "/connect/*/go")]
    [InlineData("url.full", $"http://localhost:5180/connect/{Link}?a=*", "http://localhost:5180/connect/*?a=*")]
    [InlineData("url.path", "/mcp/weather", "/mcp/weather")]
    [InlineData("url.path", "/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource/mcp")]
    public async Task Random_segments_of_paths_are_taken_out_and_names_stay(string attribute, string sent, string kept)
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var name = $"tests.{Guid.NewGuid():N}";
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([
            new("OTEL_EXPORTER_OTLP_ENDPOINT", dashboard.OtlpGrpcUrl.AbsoluteUri),
            new("OTEL_EXPORTER_OTLP_HEADERS", $"x-otlp-api-key={RunningDashboard.OtlpApiKey}"),
        ]);
        builder.AddServiceDefaults(name);
        using var host = builder.Build();
        await host.StartAsync(Cancellation);
        using var source = new ActivitySource(name);

        var span = source.StartActivity("a request").ShouldNotBeNull().SetTag(attribute, sent);
        span.Dispose();
        await host.StopAsync(Cancellation);

        span.GetTagItem(attribute).ShouldBe(kept);
    }
}
