using System.Text.Json;

namespace AspireGateway.TestClient.Mcp;

/// <summary>The part of a tool's JSON schema that is needed to turn words of a command line into arguments.</summary>
internal sealed class InputSchema
{
    private readonly Dictionary<string, Parameter> _parameters = new(StringComparer.Ordinal);

    private InputSchema(JsonElement schema)
    {
        var required =
            schema.TryGetProperty("required", out var list) && list.ValueKind is JsonValueKind.Array
                ? list.EnumerateArray().Select(static name => name.ToString()).ToHashSet(StringComparer.Ordinal)
                : [];
        if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind is JsonValueKind.Object)
        {
            foreach (var property in properties.EnumerateObject())
            {
                _parameters[property.Name] = new(property.Name, property.Value, required.Contains(property.Name));
            }
        }

        // JSON schema allows more members unless told otherwise, but a tool that lists its parameters means these.
        AllowsOthers =
            _parameters.Count == 0
            || (
                schema.TryGetProperty("additionalProperties", out var others)
                && others.ValueKind is JsonValueKind.True or JsonValueKind.Object
            );
    }

    /// <summary>The parameters, in the order of the schema.</summary>
    public IReadOnlyCollection<Parameter> Parameters => _parameters.Values;

    /// <summary>Whether arguments beside <see cref="Parameters"/> make sense.</summary>
    public bool AllowsOthers { get; }

    /// <summary>Reads a schema.</summary>
    public static InputSchema Read(JsonElement schema) => new(schema);

    /// <summary>The parameter of that name; null when there is none.</summary>
    public Parameter? Find(string name) => _parameters.GetValueOrDefault(name);
}

/// <summary>One parameter of a tool.</summary>
internal sealed class Parameter
{
    public Parameter(string name, JsonElement schema, bool required)
    {
        Name = name;
        Required = required;
        Types = ReadTypes(schema);
        ItemTypes =
            schema.ValueKind is JsonValueKind.Object && schema.TryGetProperty("items", out var items)
                ? ReadTypes(items)
                : [];
        Choices =
            schema.ValueKind is JsonValueKind.Object && schema.TryGetProperty("enum", out var choices)
                ? [.. choices.EnumerateArray().Select(static choice => choice.ToString())]
                : [];
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Whether the tool needs it.</summary>
    public bool Required { get; }

    /// <summary>JSON types that it may have; empty when the schema leaves it open.</summary>
    public IReadOnlySet<string> Types { get; }

    /// <summary>JSON types of its items, when it is an array.</summary>
    public IReadOnlySet<string> ItemTypes { get; }

    /// <summary>The values it may have; empty when the schema leaves it open.</summary>
    public IReadOnlyList<string> Choices { get; }

    /// <summary>As the table of tools shows it: <c>days?: integer</c>.</summary>
    public override string ToString()
    {
        var types = Types.Where(static type => type != "null").ToArray();
        var type = types switch
        {
            [] => "any",
            ["array"] when ItemTypes.Count == 1 => $"{ItemTypes.First()}[]",
            _ => string.Join('|', types),
        };
        return $"{Name}{(Required ? "" : "?")}: {(Choices.Count > 0 ? string.Join('|', Choices) : type)}";
    }

    private static HashSet<string> ReadTypes(JsonElement schema)
    {
        HashSet<string> types = new(StringComparer.Ordinal);
        if (schema.ValueKind is not JsonValueKind.Object)
        {
            return types;
        }

        if (schema.TryGetProperty("type", out var type))
        {
            types.UnionWith(
                type.ValueKind is JsonValueKind.Array
                    ? type.EnumerateArray().Select(static one => one.ToString())
                    : [type.ToString()]
            );
        }

        foreach (var combination in (ReadOnlySpan<string>)["anyOf", "oneOf"])
        {
            if (schema.TryGetProperty(combination, out var branches) && branches.ValueKind is JsonValueKind.Array)
            {
                types.UnionWith(branches.EnumerateArray().SelectMany(ReadTypes));
            }
        }

        return types;
    }
}
