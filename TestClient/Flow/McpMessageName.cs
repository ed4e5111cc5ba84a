using System.Text.Json;

namespace AspireGateway.TestClient.Flow;

/// <summary>What a message to an MCP server is called: its method, and the name of the tool that it calls.</summary>
internal static class McpMessageName
{
    /// <summary>Reads it from the body, which is there in every protocol revision; headers say it only in the newest.</summary>
    public static async Task<string?> OfAsync(HttpRequestMessage request, Leg leg, CancellationToken cancellationToken)
    {
        if (leg is not Leg.Mcp || request.Content is null)
        {
            return null;
        }

        await request.Content.LoadIntoBufferAsync(cancellationToken);
        try
        {
            using var json = await JsonDocument.ParseAsync(
                await request.Content.ReadAsStreamAsync(cancellationToken),
                cancellationToken: cancellationToken
            );
            return Of(json.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Of(JsonElement message)
    {
        if (message.ValueKind is not JsonValueKind.Object || !message.TryGetProperty("method", out var method))
        {
            return null;
        }

        return
            message.TryGetProperty("params", out var parameters)
            && parameters.ValueKind is JsonValueKind.Object
            && parameters.TryGetProperty("name", out var name)
            ? $"{method} {name}"
            : method.ToString();
    }
}
