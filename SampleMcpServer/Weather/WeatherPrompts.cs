using System.ComponentModel;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer.Weather;

[McpServerPromptType]
internal sealed class WeatherPrompts
{
    [McpServerPrompt(Name = "trip_advice", Title = "Trip advice")]
    [Description("Asks for advice on what to pack and which days to spend outside.")]
    public static string TripAdvice(
        [Description("Name of the city to travel to")] string city,
        [Description("How many days the trip takes, 1 to 7")] string days = "3"
    ) =>
        $"I travel to {city} for {days} days. Get the forecast with the tool get_forecast, then tell me what to pack and "
        + "which days are best spent outside. If the city is unknown, pick the nearest one of weather://cities.";
}
