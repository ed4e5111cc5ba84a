using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;

namespace AspireGateway.Gateway.Tests.Audit;

/// <summary>The digest of arguments says whether two calls had the same ones.</summary>
public sealed class CanonicalJsonProperties
{
    private static readonly Gen<JsonNode> Values = Gen.Recursive<JsonNode>(
        static (depth, inner) =>
            depth > 3
                ? Gen.Int.Select(static number => (JsonNode)JsonValue.Create(number))
                : Gen.OneOf(
                    Gen.String.Where(IsText).Select(static text => (JsonNode)JsonValue.Create(text)),
                    Gen.Int.Select(static number => (JsonNode)JsonValue.Create(number)),
                    Gen.Bool.Select(static flag => (JsonNode)JsonValue.Create(flag)),
                    inner
                        .Array[0, 4]
                        .Select(static items =>
                            (JsonNode)new JsonArray([.. items.Select(static item => item.DeepClone())])
                        ),
                    Gen.Select(Gen.String.Where(IsText), inner)
                        .Array[0, 5]
                        .Select(static members =>
                            (JsonNode)
                                new JsonObject(
                                    members
                                        .DistinctBy(static member => member.Item1, StringComparer.Ordinal)
                                        .Select(static member =>
                                            KeyValuePair.Create(member.Item1, (JsonNode?)member.Item2.DeepClone())
                                        )
                                )
                        )
                )
    );

    [Fact]
    public void Order_space_and_escapes_do_not_count() =>
        Values.Sample(
            static value =>
                Digest(value.ToJsonString())
                == Digest(
                    Reversed(value)
                        .ToJsonString(
                            new JsonSerializerOptions
                            {
                                WriteIndented = true,
                                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                            }
                        ) + "  , behind"
                ),
            iter: 5_000
        );

    [Fact]
    public void Different_values_have_different_digests() =>
        Gen.Select(Values, Values)
            .Where(static (one, other) => !JsonNode.DeepEquals(one, other))
            .Sample(static (one, other) => Digest(one.ToJsonString()) != Digest(other.ToJsonString()), iter: 5_000);

    [Theory]
    [InlineData("""{"a":1,"a":2}""", """{"a":2,"a":1}""")]
    [InlineData("[1,2]", "[2,1]")]
    [InlineData("{}", "[]")]
    [InlineData("1", "1.0")]
    [InlineData("\"1\"", "1")]
    public void What_looks_alike_is_not_the_same(string one, string other) => Digest(one).ShouldNotBe(Digest(other));

    [Fact]
    public void The_form_is_the_documented_one() =>
        Digest("""{ "days": 3, "city": "Lis\u0062on\n" }""")
            .ShouldBe(
                Convert.ToHexStringLower(
                    System.Security.Cryptography.SHA256.HashData("""{"city":"Lisbon\u000a","days":3}"""u8)
                )
            );

    private static bool IsText(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;

    private static string Digest(string json) => CanonicalJson.Digest(Encoding.UTF8.GetBytes(json + " "));

    private static JsonNode Reversed(JsonNode value) =>
        value switch
        {
            JsonObject members => new JsonObject(
                members
                    .Reverse()
                    .Select(static member => KeyValuePair.Create(member.Key, (JsonNode?)Reversed(member.Value!)))
            ),
            JsonArray items => new JsonArray([.. items.Select(static item => Reversed(item!))]),
            _ => value.DeepClone(),
        };
}
