namespace AspireGateway.SampleMcpServer.Weather;

/// <summary>
/// The sample <c>weather</c>: invented but plausible forecasts for a dozen cities. The same question always gets the same
/// answer, so that tests, screenshots and two replicas agree.
/// </summary>
internal static class WeatherSample
{
    /// <summary>The name that configuration uses.</summary>
    public const string Name = "weather";

    /// <summary>Adds the tools, the prompt and the resources of this sample.</summary>
    public static void Add(IMcpServerBuilder mcp) =>
        mcp.WithTools<WeatherTools>().WithPrompts<WeatherPrompts>().WithResources<WeatherResources>();
}
