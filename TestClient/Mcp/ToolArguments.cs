using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace AspireGateway.TestClient.Mcp;

/// <summary>
/// Turns <c>name=value</c> words into the arguments of a tool, with the tool's own schema: <c>days=3</c> becomes a number
/// where the tool wants one and text where it wants text.
/// </summary>
internal static class ToolArguments
{
    /// <summary>Reads all words. Every mistake is told at once.</summary>
    /// <exception cref="ClientFailure">At least one word is wrong, or a required argument is missing.</exception>
    public static IReadOnlyDictionary<string, object?> Read(Tool tool, IEnumerable<string> words)
    {
        var schema = InputSchema.Read(tool.InputSchema);
        JsonObject arguments = [];
        List<string> mistakes = [];
        foreach (var word in words)
        {
            if (ReadWord(schema, word, arguments) is { } mistake)
            {
                mistakes.Add(mistake);
            }
        }

        if (mistakes.Count == 0)
        {
            mistakes.AddRange(
                schema
                    .Parameters.Where(parameter => parameter.Required && !arguments.ContainsKey(parameter.Name))
                    .Select(static parameter => $"The argument '{parameter.Name}' is missing.")
            );
        }

        return mistakes.Count == 0
            ? arguments.ToDictionary(
                static pair => pair.Key,
                static pair => (object?)pair.Value,
                StringComparer.Ordinal
            )
            : throw new ClientFailure(string.Join(' ', mistakes), Usage(tool.Name, schema));
    }

    private static string? ReadWord(InputSchema schema, string word, JsonObject arguments)
    {
        var at = word.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0)
        {
            return $"'{word}' is no argument: write name=value.";
        }

        var (name, text) = (word[..at], word[(at + 1)..]);
        if (name.EndsWith(':'))
        {
            return Put(arguments, name[..^1], () => Json(text), $"'{text}' is no JSON.");
        }

        if (schema.Find(name) is not { } parameter)
        {
            return schema.AllowsOthers ? Put(arguments, name, () => Guess(text), "") : Unknown(schema, name);
        }

        if (parameter.Choices.Count > 0 && !parameter.Choices.Contains(text, StringComparer.Ordinal))
        {
            return $"The argument '{name}' must be one of {string.Join(", ", parameter.Choices)}.";
        }

        return Put(
            arguments,
            name,
            () => Value(parameter, text, arguments),
            $"The argument '{name}' must be {string.Join(" or ", parameter.Types)}, which '{text}' is not."
        );
    }

    private static string Unknown(InputSchema schema, string name)
    {
        var suggestions = Suggestions.For(name, schema.Parameters.Select(static parameter => parameter.Name));
        var maybe = suggestions.Count > 0 ? $" Did you mean {string.Join(" or ", suggestions)}?" : "";
        return $"There is no argument '{name}'.{maybe}";
    }

    private static string? Put(JsonObject arguments, string name, Func<JsonNode?> value, string mistake)
    {
        try
        {
            arguments[name] = value();
            return null;
        }
        catch (Exception failure) when (failure is FormatException or JsonException)
        {
            return mistake;
        }
    }

    private static JsonNode? Value(Parameter parameter, string text, JsonObject arguments)
    {
        if (text == "null" && parameter.Types.Contains("null"))
        {
            return null;
        }

        return parameter.Types.Contains("array") && !text.StartsWith('[')
            ? Items(parameter, text, arguments)
            : Scalar(parameter.Types, text);
    }

    // cities=Oslo,Paris and cities=Oslo cities=Paris are the same list.
    private static JsonArray Items(Parameter parameter, string text, JsonObject arguments)
    {
        var items = arguments[parameter.Name]?.DeepClone() as JsonArray ?? [];
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            items.Add(Scalar(parameter.ItemTypes, item));
        }

        return items;
    }

    private static JsonNode? Scalar(IReadOnlySet<string> types, string text)
    {
        if (types.Count == 0)
        {
            return Guess(text);
        }

        if (
            types.Contains("integer")
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
        )
        {
            return whole;
        }

        if (
            types.Contains("number")
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
        )
        {
            return number;
        }

        if (types.Contains("boolean") && bool.TryParse(text, out var truth))
        {
            return truth;
        }

        if (types.Contains("string"))
        {
            return text;
        }

        return types.Contains("object") || types.Contains("array")
            ? Structure(types, text)
            : throw new FormatException();
    }

    private static JsonNode Structure(IReadOnlySet<string> types, string text) =>
        Json(text) switch
        {
            JsonObject json when types.Contains("object") => json,
            JsonArray json when types.Contains("array") => json,
            _ => throw new FormatException(),
        };

    private static JsonNode? Guess(string text)
    {
        try
        {
            return Json(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static JsonNode? Json(string text) => JsonNode.Parse(text);

    private static string Usage(string tool, InputSchema schema)
    {
        var parameters = schema.Parameters.Select(static parameter => parameter.ToString());
        var example = string.Join(
            ' ',
            schema.Parameters.Where(static parameter => parameter.Required).Select(static p => $"--arg {p.Name}=…")
        );
        return $"{tool} takes {string.Join(", ", parameters.DefaultIfEmpty("no arguments"))}. Write: call URL {tool} {example}".TrimEnd();
    }
}
