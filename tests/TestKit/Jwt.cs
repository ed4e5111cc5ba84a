using System.Text.Json;
using System.Text.Json.Nodes;

namespace AspireGateway.TestKit;

/// <summary>Reads JSON Web Tokens without checking them.</summary>
public static class Jwt
{
    /// <summary>The header.</summary>
    public static JsonObject Header(string token) => Part(token, 0);

    /// <summary>The claims.</summary>
    public static JsonObject Payload(string token) => Part(token, 1);

    /// <summary>A claim that is one string or an array of them, such as <c>aud</c>.</summary>
    public static IReadOnlyList<string> Strings(this JsonObject claims, string name) =>
        claims[name] switch
        {
            null => [],
            JsonArray array => [.. array.Select(static item => (string)item!)],
            var single => [(string)single!],
        };

    private static JsonObject Part(string token, int index)
    {
        var text = token.Split('.')[index].Replace('-', '+').Replace('_', '/');
        var bytes = Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
        return JsonSerializer.Deserialize<JsonObject>(bytes)!;
    }
}
