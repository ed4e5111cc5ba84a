using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Mcp.Requests;
using CsCheck;

namespace AspireGateway.Gateway.Tests.Mcp;

/// <summary>The strict reader against generated messages: what it reads is what <c>System.Text.Json</c> reads, or nothing.</summary>
public sealed class StrictJsonProperties
{
    private const int Cases = 10_000;

    private static readonly string[] Alphabet = ["a", "b", "name", "uri", "é", "😀", "\"", "\\", "\n", " "];

    private static readonly Gen<string> Texts = Gen.Int[0, Alphabet.Length - 1]
        .Select(static i => Alphabet[i])
        .Array[0, 4]
        .Select(string.Concat);

    private static readonly Gen<JsonNode?> Values = Gen.Recursive<JsonNode?>(
        (depth, inner) =>
            depth > 4
                ? Texts.Select(static text => (JsonNode?)JsonValue.Create(text))
                : Gen.OneOf(
                    Texts.Select(static text => (JsonNode?)JsonValue.Create(text)),
                    Gen.Long.Select(static number => (JsonNode?)JsonValue.Create(number)),
                    Gen.Const((JsonNode?)null),
                    inner
                        .Array[0, 3]
                        .Select(static items =>
                            (JsonNode?)new JsonArray([.. items.Select(static item => item?.DeepClone())])
                        ),
                    Gen.Select(Texts, inner).Array[0, 3].Select(static members => (JsonNode?)Object(members))
                )
    );

    private static readonly Gen<string> Messages =
        from name in Texts.Where(static text => text.Length > 0)
        from arguments in Values
        from id in Gen.Int
        from indented in Gen.Bool
        select new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id,
            ["method"] = "tools/call",
            ["params"] = new JsonObject { ["name"] = name, ["arguments"] = arguments?.DeepClone() },
        }.ToJsonString(new JsonSerializerOptions { WriteIndented = indented });

    [Fact]
    public void A_valid_message_is_read_as_every_reader_reads_it() =>
        Messages.Sample(
            static json =>
            {
                StrictJsonReader.Read(Encoding.UTF8.GetBytes(json), out var request).ShouldBeNull(json);
                var expected = JsonNode.Parse(json)!;
                request!.Name.ShouldBe(expected["params"]!["name"]!.GetValue<string>());
                Encoding.UTF8.GetString(request.Id.Span).ShouldBe(expected["id"]!.ToJsonString());
            },
            iter: Cases
        );

    [Fact]
    public void A_message_with_any_bytes_changed_is_read_the_same_way_by_both_or_refused() =>
        Gen.Select(Messages, Gen.Int[0, 10_000], Gen.Byte)
            .Sample(
                static (json, at, value) =>
                {
                    var bytes = Encoding.UTF8.GetBytes(json);
                    bytes[at % bytes.Length] = value;
                    if (StrictJsonReader.Read(bytes, out var request) is not null)
                    {
                        return;
                    }

                    using var document = JsonDocument.Parse(bytes);
                    var root = document.RootElement;
                    root.GetProperty("method").GetString().ShouldBe(request!.Method);
                    if (request.Name is not null)
                    {
                        root.GetProperty("params").GetProperty("name").GetString().ShouldBe(request.Name);
                    }
                },
                iter: Cases
            );

    private static JsonObject Object((string Name, JsonNode? Value)[] members)
    {
        var result = new JsonObject();
        foreach (var (name, value) in members)
        {
            if (!result.Any(member => string.Equals(member.Key, name, StringComparison.OrdinalIgnoreCase)))
            {
                result[name] = value?.DeepClone();
            }
        }

        return result;
    }
}
