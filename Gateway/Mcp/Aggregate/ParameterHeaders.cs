using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Targets.Catalogue;
using ModelContextProtocol.Protocol;

namespace AspireGateway.Gateway.Mcp.Aggregate;

/// <summary>
/// Headers that repeat parameters of a tool which its schema marks with <c>x-mcp-header</c> (MCP 2026-07-28): made for the target from the
/// body, and compared with the body where a client sent them.
/// </summary>
internal sealed class ParameterHeaders(TargetCatalogue catalogue, PersonalCatalogue personal)
{
    private const string Prefix = "Mcp-Param-";

    // What an intermediary in another language can compare exactly.
    private const long MaxInteger = 9007199254740991;

    // Most targets mark nothing; then their table is empty.
    private readonly ConditionalWeakTable<IReadOnlyList<JsonObject>, FrozenDictionary<string, Parameter[]>> _marked =
    [];

    /// <summary>The headers for the target; null where its tool marks no parameter.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? For(McpRequest request, UserId user, JsonObject parameters)
    {
        if (MarkedBy(request, user) is not { } marked)
        {
            return null;
        }

        var headers = new List<KeyValuePair<string, string>>(marked.Length);
        foreach (var parameter in marked)
        {
            if (parameter.HeaderValue(parameters) is { } value)
            {
                headers.Add(new(parameter.Header, value));
            }
        }

        return headers;
    }

    /// <summary>Which header of a client disagrees with its body; null when none does.</summary>
    /// <param name="headers">The client's headers.</param>
    /// <param name="isRequired">Whether the client's revision demands them.</param>
    /// <param name="request">The request.</param>
    /// <param name="user">Whose request it is.</param>
    /// <param name="parameters">Its parameters.</param>
    public string? FindMismatch(
        IHeaderDictionary headers,
        bool isRequired,
        McpRequest request,
        UserId user,
        JsonObject parameters
    )
    {
        foreach (var parameter in MarkedBy(request, user) ?? [])
        {
            var sent = headers[parameter.Header];
            if (
                (sent.Count > 0 || isRequired)
                && !parameter.Agrees(sent.Count == 1 ? sent[0] : null, sent.Count, parameters)
            )
            {
                return parameter.Header;
            }
        }

        return null;
    }

    private Parameter[]? MarkedBy(McpRequest request, UserId user)
    {
        if (request is not { Tool: { } tool, Target: { } target })
        {
            return null;
        }

        var shared = catalogue.Get(target);
        var tools = shared.SynchronizedAt is null ? personal.Peek(target, user)?.Tools : shared.Contents.Tools;
        return tools is { Count: > 0 } ? _marked.GetValue(tools, Read).GetValueOrDefault(tool) : null;
    }

    private static FrozenDictionary<string, Parameter[]> Read(IReadOnlyList<JsonObject> tools)
    {
        var marked = new Dictionary<string, Parameter[]>(StringComparer.Ordinal);
        foreach (var tool in tools)
        {
            Parameter[] found = [.. Read(tool["inputSchema"], [])];
            if (found.Length > 0)
            {
                marked[ListKind.Tools.KeyOf(tool)!] = found;
            }
        }

        return marked.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static IEnumerable<Parameter> Read(JsonNode? schema, string[] path)
    {
        foreach (var (name, value) in (schema as JsonObject)?["properties"] as JsonObject ?? [])
        {
            if (value is not JsonObject property)
            {
                continue;
            }

            string[] own = [.. path, name];
            if (
                property["x-mcp-header"] is JsonValue mark
                && mark.TryGetValue(out string? header)
                && header.Length > 0
                && header.All(static c =>
                    char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)
                )
            )
            {
                yield return new Parameter(Prefix + header, own);
            }

            foreach (var nested in Read(property, own))
            {
                yield return nested;
            }
        }
    }

    private sealed record Parameter(string Header, string[] Path)
    {
        public string? HeaderValue(JsonObject parameters) =>
            Text(parameters) is { } text ? McpHeaderEncoder.EncodeValue(text) : null;

        public bool Agrees(string? sent, int count, JsonObject parameters) =>
            Text(parameters) is { } text
                ? sent is not null && McpHeaderEncoder.DecodeValue(sent.Trim()) is { } decoded && AreSame(decoded, text)
                : count == 0;

        // Text, whole numbers and booleans only; anything else has no header.
        private string? Text(JsonObject parameters)
        {
            var node = parameters["arguments"];
            foreach (var name in Path)
            {
                node = (node as JsonObject)?[name];
            }

            return node is not JsonValue value
                ? null
                : value.GetValueKind() switch
                {
                    JsonValueKind.String => value.GetValue<string>(),
                    JsonValueKind.True => "true",
                    JsonValueKind.False => "false",
                    JsonValueKind.Number => Whole(value.ToJsonString())?.ToString(CultureInfo.InvariantCulture),
                    _ => null,
                };
        }

        // 42 and 42.0 are the same number.
        private static bool AreSame(string sent, string text) =>
            string.Equals(sent, text, StringComparison.Ordinal) || (Whole(sent) is { } number && number == Whole(text));

        private static long? Whole(string text) =>
            long.TryParse(
                text,
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture,
                out var number
            )
            && Math.Abs(number) <= MaxInteger
                ? number
                : null;
    }
}
