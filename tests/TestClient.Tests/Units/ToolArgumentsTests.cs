using System.Text.Json;
using AspireGateway.TestClient.Mcp;
using ModelContextProtocol.Protocol;

namespace AspireGateway.TestClient.Tests.Units;

public sealed class ToolArgumentsTests
{
    private const string Schema = """
        {"type":"object","required":["city"],"properties":{
          "city":{"type":"string"},"days":{"type":"integer"},"factor":{"type":["number","null"]},"dry":{"type":"boolean"},
          "cities":{"type":"array","items":{"type":"string"}},"ids":{"type":"array","items":{"type":"integer"}},
          "by":{"enum":["rain","wind"]},"filter":{"type":"object"},"either":{"anyOf":[{"type":"integer"},{"type":"string"}]},
          "open":{}}}
        """;

    [Theory]
    [InlineData("city=7", """{"city":"7"}""")]
    [InlineData("city=a=b", """{"city":"a=b"}""")]
    [InlineData("city=", """{"city":""}""")]
    [InlineData("city=x days=-3", """{"city":"x","days":-3}""")]
    [InlineData("city=x factor=1.5", """{"city":"x","factor":1.5}""")]
    [InlineData("city=x factor=null", """{"city":"x","factor":null}""")]
    [InlineData("city=null", """{"city":"null"}""")]
    [InlineData("city=x dry=true", """{"city":"x","dry":true}""")]
    [InlineData("city=x cities=Oslo,Paris cities=Rome", """{"city":"x","cities":["Oslo","Paris","Rome"]}""")]
    [InlineData("city=x cities=[\"a,b\"]", """{"city":"x","cities":["a,b"]}""")]
    [InlineData("city=x ids=1,2", """{"city":"x","ids":[1,2]}""")]
    [InlineData("city=x by=rain", """{"city":"x","by":"rain"}""")]
    [InlineData("city=x filter={\"a\":[1]}", """{"city":"x","filter":{"a":[1]}}""")]
    [InlineData("city=x either=5", """{"city":"x","either":5}""")]
    [InlineData("city=x either=five", """{"city":"x","either":"five"}""")]
    [InlineData("city=x open=[1]", """{"city":"x","open":[1]}""")]
    [InlineData("city=x open=word", """{"city":"x","open":"word"}""")]
    [InlineData("city:=\"x\" days:=4", """{"city":"x","days":4}""")]
    public void Values_are_what_the_schema_wants(string words, string expected) =>
        JsonSerializer.Serialize(ToolArguments.Read(Tool(Schema), words.Split(' '))).ShouldBe(expected);

    [Theory]
    [InlineData("days=1", "The argument 'city' is missing.")]
    [InlineData("city=x days=many", "The argument 'days' must be integer, which 'many' is not.")]
    [InlineData("city=x days=1.5", "The argument 'days' must be integer, which '1.5' is not.")]
    [InlineData("city=x dry=perhaps", "The argument 'dry' must be boolean, which 'perhaps' is not.")]
    [InlineData("city=x by=snow", "The argument 'by' must be one of rain, wind.")]
    [InlineData("city=x filter=[1]", "The argument 'filter' must be object, which '[1]' is not.")]
    [InlineData("city=x ids=1,b", "The argument 'ids' must be array, which '1,b' is not.")]
    [InlineData("city=x dayz=1", "There is no argument 'dayz'. Did you mean days?")]
    [InlineData("city=x city2:={", "'{' is no JSON.")]
    [InlineData("Oslo", "'Oslo' is no argument: write name=value.")]
    [InlineData(
        "days=x by=y",
        "The argument 'days' must be integer, which 'x' is not. The argument 'by' must be one of rain, wind."
    )]
    public void Mistakes_are_told_all_at_once_with_what_the_tool_takes(string words, string expected)
    {
        var failure = Should.Throw<ClientFailure>(() => ToolArguments.Read(Tool(Schema), words.Split(' ')));

        failure.Message.ShouldBe(expected);
        failure.Hint.ShouldNotBeNull().ShouldContain("city: string, days?: integer");
    }

    [Fact]
    public void A_tool_that_lists_no_parameters_takes_any() =>
        JsonSerializer
            .Serialize(ToolArguments.Read(Tool("""{"type":"object"}"""), ["n=1", "s=text"]))
            .ShouldBe("""{"n":1,"s":"text"}""");

    private static Tool Tool(string schema) =>
        new() { Name = "tool", InputSchema = JsonDocument.Parse(schema).RootElement };
}
