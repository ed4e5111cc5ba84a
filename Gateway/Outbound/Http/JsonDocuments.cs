using System.Text.Json;
using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Outbound.Http;

/// <summary>Reads documents of at most 64 KB over guarded HTTP.</summary>
internal sealed class JsonDocuments(IHttpClientFactory clients, OutboundHttp guard)
{
    /// <summary>Largest answer of an authorization server that is read, in bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary>Sends a request and reads the answer, whatever its status.</summary>
    /// <exception cref="HttpRequestException">The URL is refused, the server does not answer, or the answer is too large.</exception>
    public async Task<HttpAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        var url = request.RequestUri!;
        if (guard.Problem(url) is { } problem)
        {
            throw new HttpRequestException($"{url.GetLeftPart(UriPartial.Path)} is not asked: {problem}.");
        }

        using var client = clients.CreateClient(OutboundHttp.ClientName);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        var body = await ReadAsync(response.Content, cancel);
        return new HttpAnswer(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            body,
            response.Headers.TryGetValues("WWW-Authenticate", out var challenges)
                ? string.Join(", ", challenges)
                : null,
            RetryAfter(response)
        );
    }

    /// <summary>Reads a JSON object; null when there is none at this URL (any status but 200, or not a JSON object).</summary>
    public async Task<JsonObject?> TryGetAsync(Uri url, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Accept.ParseAdd("application/json");
        var answer = await SendAsync(request, cancel);
        return answer.Status == StatusCodes.Status200OK ? answer.TryReadObject() : null;
    }

    /// <summary>Parses strictly: no repeated members, nothing behind the end.</summary>
    public static JsonObject? TryParse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonNode.Parse(body, nodeOptions: null, Strict) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta;

    private static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancel)
    {
        await using var stream = await content.ReadAsStreamAsync(cancel);
        var buffer = new byte[MaxBytes + 1];
        var count = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        return count <= MaxBytes
            ? buffer[..count]
            : throw new HttpRequestException($"The answer is larger than {MaxBytes} bytes.");
    }
}

/// <summary>An HTTP answer, read whole.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="MediaType">Content type without parameters.</param>
/// <param name="Body">At most <see cref="JsonDocuments.MaxBytes"/>.</param>
/// <param name="Challenge"><c>WWW-Authenticate</c>.</param>
/// <param name="RetryAfter"><c>Retry-After</c> in seconds, where it is one.</param>
internal sealed record HttpAnswer(int Status, string? MediaType, byte[] Body, string? Challenge, TimeSpan? RetryAfter)
{
    public JsonObject? TryReadObject() => JsonDocuments.TryParse(Body);
}
