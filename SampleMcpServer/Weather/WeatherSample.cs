namespace AspireGateway.SampleMcpServer.Weather;

/// <summary>
/// The sample <c>weather</c>: invented but plausible forecasts for a dozen cities. The same question always gets the same
/// answer, so that tests, screenshots and two replicas agree.
/// </summary>
internal static class WeatherSample
{
    public static readonly Sample Definition = new("weather", Add);

    private static void Add(IMcpServerBuilder mcp) =>
        mcp.WithTools<WeatherTools>().WithPrompts<WeatherPrompts>().WithResources<WeatherResources>();
}
