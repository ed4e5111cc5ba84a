using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace AspireGateway.Gateway.Admin.Requests;

/// <summary>
/// Reads a JSON body as one type and nothing else: a member that is not known, or there twice, is a mistake of the caller and not
/// something to pass over.
/// </summary>
internal static class StrictBody
{
    /// <summary>Largest body, in bytes; the tools of a target may be part of it.</summary>
    public const int MaxBytes = 1024 * 1024;

    private const string Unknown = "is not known. Remove it, or look for its right name in docs/admin-api.md.";

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    public static async Task<BodyResult<T>> ReadAsync<T>(HttpRequest request, CancellationToken cancel)
        where T : class
    {
        if (!request.HasJsonContentType())
        {
            return Refuse<T>(
                StatusCodes.Status415UnsupportedMediaType,
                ErrorCodes.UnsupportedMediaType,
                "Send the definition as Content-Type: application/json."
            );
        }

        byte[]? bytes;
        try
        {
            bytes = await ReadBytesAsync(request, cancel);
        }
        catch (BadHttpRequestException exception)
        {
            return Refuse<T>(
                exception.StatusCode,
                ErrorCodes.IncompleteBody,
                "The body did not arrive whole. Send it again."
            );
        }

        return bytes is null
            ? Refuse<T>(
                StatusCodes.Status413PayloadTooLarge,
                ErrorCodes.TooLarge,
                $"The body is larger than {MaxBytes} bytes. Give fewer tools."
            )
            : Parse<T>(bytes);
    }

    private static async Task<byte[]?> ReadBytesAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength > MaxBytes)
        {
            return null;
        }

        var buffer = new byte[16 * 1024];
        var length = 0;
        int read;
        while ((read = await request.Body.ReadAsync(buffer.AsMemory(length), cancel)) > 0)
        {
            length += read;
            if (length > MaxBytes)
            {
                return null;
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }

        return buffer[..length];
    }

    private static BodyResult<T> Parse<T>(byte[] bytes)
        where T : class
    {
        try
        {
            if (JsonNode.Parse(bytes, nodeOptions: null, Strict) is not JsonObject body)
            {
                return Malformed<T>("The body is no JSON object.");
            }

            var unknown = new List<string>();
            RemoveUnknown(body, AdminJson.Options.GetTypeInfo(typeof(T)), "", unknown);
            return Mistaken(unknown, Unknown, body.Deserialize<T>(AdminJson.Options));
        }
        catch (JsonException exception)
            when (exception.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal))
        {
            return Mistaken<T>([path[2..]], "is null or of the wrong type. Leave it out, or see docs/admin-api.md.");
        }
        // A lone surrogate is found when a text is read, and a missing member when the object is made.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return Malformed<T>(
                "The body cannot be read as JSON of the expected form: valid UTF-8, every required member, none of them twice, at most 32 levels."
            );
        }
    }

    // So that the rest can be checked at the same time. Reads every text on the way: none that cannot be written again is kept.
    private static void RemoveUnknown(JsonNode? node, JsonTypeInfo? type, string path, List<string> unknown)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    var known = type is { Kind: JsonTypeInfoKind.Object }
                        ? type.Properties.FirstOrDefault(property => property.Name == name && property.Set is not null)
                        : null;
                    if (type is { Kind: JsonTypeInfoKind.Object } && known is null)
                    {
                        unknown.Add(path + name);
                        members.Remove(name);
                        continue;
                    }

                    RemoveUnknown(value, TypeOf(known), $"{path}{name}.", unknown);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    RemoveUnknown(item, type: null, path, unknown);
                }

                break;
            case JsonValue value when value.GetValueKind() is JsonValueKind.String:
                value.GetValue<string>();
                break;
        }
    }

    private static JsonTypeInfo? TypeOf(JsonPropertyInfo? property) =>
        property is null ? null : AdminJson.Options.GetTypeInfo(property.PropertyType);

    private static BodyResult<T> Mistaken<T>(IReadOnlyList<string> members, string text, T? value = null)
        where T : class =>
        new(value, members.ToDictionary(static name => name, _ => new[] { text }, StringComparer.Ordinal), null);

    private static BodyResult<T> Malformed<T>(string detail)
        where T : class => Refuse<T>(StatusCodes.Status400BadRequest, ErrorCodes.InvalidJson, detail);

    private static BodyResult<T> Refuse<T>(int status, string reason, string detail)
        where T : class =>
        new(null, ReadOnlyDictionary<string, string[]>.Empty, new AdminProblem(status, reason, detail));
}

/// <summary>A body as it was read.</summary>
/// <param name="Value">What is known of it; null when that cannot be told.</param>
/// <param name="Mistakes">What is wrong with its members, besides what the value itself says.</param>
/// <param name="Problem">Why it was not read at all; null when it was.</param>
internal sealed record BodyResult<T>(T? Value, IReadOnlyDictionary<string, string[]> Mistakes, AdminProblem? Problem)
    where T : class;
