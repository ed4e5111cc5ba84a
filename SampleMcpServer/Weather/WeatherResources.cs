using System.ComponentModel;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer.Weather;

[McpServerResourceType]
internal sealed class WeatherResources
{
    private const string Json = "application/json";

    [McpServerResource(UriTemplate = "weather://cities", Name = "cities", Title = "All cities", MimeType = Json)]
    [Description("The cities that the weather tools know, with country and position.")]
    public static string Cities() => JsonSerializer.Serialize(City.All.Select(Describe), JsonSerializerOptions.Web);

    [McpServerResource(UriTemplate = "weather://cities/{city}", Name = "city", Title = "One city", MimeType = Json)]
    [Description("One city with its position and what weather is usual there.")]
    public static ResourceContents OneCity(
        RequestContext<ReadResourceRequestParams> request,
        [Description("Name of the city")] string city
    )
    {
        var found =
            City.Find(city)
            ?? throw new McpProtocolException($"There is no city '{city}'.", McpErrorCode.ResourceNotFound);
        return new TextResourceContents
        {
            Uri = request.Params!.Uri,
            MimeType = Json,
            Text = JsonSerializer.Serialize(found, JsonSerializerOptions.Web),
        };
    }

    private static object Describe(City city) =>
        new
        {
            city.Name,
            city.Country,
            city.Latitude,
            city.Longitude,
        };
}
