using System.Text;
using AspireGateway.Gateway.Mcp.Requests;

namespace AspireGateway.Gateway.Tests.Mcp;

public sealed class StrictJsonReaderTests
{
    private const string Deep =
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":{"a":""";

    public static TheoryData<string, string> Refused =>
        new()
        {
            { "invalid_json", "" },
            { "invalid_json", "{" },
            { "invalid_json", """{"jsonrpc":"2.0","id":1,"method":"ping"} x""" },
            { "invalid_json", """{"jsonrpc":"2.0","id":1,"method":"ping"}{}""" },
            { "invalid_json", """{"jsonrpc":"2.0","id":1,"method":"ping",}""" },
            { "invalid_json", """{"jsonrpc":"2.0","id":1,/* no */"method":"ping"}""" },
            { "invalid_json", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\ud800"}}""" },
            {
                "invalid_json",
                """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":{"\udc00":1}}}"""
            },
            { "invalid_json", """{"jsonrpc":"2.0","id":NaN,"method":"ping"}""" },
            { "invalid_json", Deep + new string('[', 40) + new string(']', 40) + "}}}" },
            { "batch", """[{"jsonrpc":"2.0","id":1,"method":"ping"}]""" },
            { "batch", "[]" },
            { "invalid_request", "1" },
            { "invalid_request", "null" },
            { "invalid_request", "{}" },
            { "invalid_request", """{"id":1,"method":"ping"}""" },
            { "invalid_request", """{"jsonrpc":"1.0","id":1,"method":"ping"}""" },
            { "invalid_request", """{"jsonrpc":2.0,"id":1,"method":"ping"}""" },
            { "invalid_request", """{"jsonrpc":"2.0","id":null,"method":"ping"}""" },
            { "invalid_request", """{"jsonrpc":"2.0","id":1.5,"method":"ping"}""" },
            { "invalid_request", """{"jsonrpc":"2.0","id":{},"method":"ping"}""" },
            { "invalid_request", """{"jsonrpc":"2.0","id":1,"method":""}""" },
            { "invalid_request", """{"jsonrpc":"2.0","id":1,"method":["ping"]}""" },
            { "invalid_request", """{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}""" },
            { "invalid_request", """{"jsonrpc":"2.0","id":1,"method":"ping","params":1}""" },
            { "invalid_request", """{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}""" },
            { "invalid_request", """{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/list"}""" },
            { "invalid_request", """{"jsonrpc":"2.0","id":1,"METHOD":"ping"}""" },
            {
                "invalid_request",
                """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","Name":"b"}}"""
            },
            { "invalid_request", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"NAME":"b"}}""" },
            {
                "invalid_request",
                """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","n\u0061me":"b"}}"""
            },
            {
                "invalid_request",
                """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"x":1,"x":2}}}"""
            },
            {
                "invalid_request",
                """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":[{"x":1,"X":2}]}}"""
            },
            { "invalid_request", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":5}}""" },
            { "invalid_request", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}""" },
            { "invalid_request", """{"jsonrpc":"2.0","id":1,"method":"tools/call"}""" },
            { "invalid_request", """{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"name":"a"}}""" },
            { "invalid_request", """{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}""" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_body_that_two_readers_could_understand_differently_is_refused(string reason, string body)
    {
        var problem = StrictJsonReader.Read(Encoding.UTF8.GetBytes(body), out var request);

        problem.ShouldNotBeNull().Reason.ShouldBe(reason);
        request.ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", "ping", null, "1")]
    [InlineData("""{"jsonrpc":"2.0","id":"x\"y","method":"ping"}""", "ping", null, "\"x\\\"y\"")]
    [InlineData(""" {"method":"ping","jsonrpc":"2.0","id":-3} """, "ping", null, "-3")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", "notifications/initialized", null, "")]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":{"name":"other"}}}""",
        "tools/call",
        "t",
        "1"
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"params":{"arguments":{"uri":"x"},"name":"t"},"method":"tools/call"}""",
        "tools/call",
        "t",
        "1"
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\u0074"}}""",
        "tools/call",
        "t",
        "1"
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"a://b"}}""",
        "resources/read",
        "a://b",
        "1"
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":{"a":"😀","b":[[],{}],"c":null}}}""",
        "tools/call",
        "t",
        "1"
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":{"a":"\ud83d\ude00"}}}""",
        "tools/call",
        "t",
        "1"
    )]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""", null, null, "1")]
    public void A_message_is_read_as_it_stands(string body, string? method, string? name, string id)
    {
        StrictJsonReader.Read(Encoding.UTF8.GetBytes(body), out var request).ShouldBeNull();

        request!.Method.ShouldBe(method);
        request.Name.ShouldBe(name);
        Encoding.UTF8.GetString(request.Id.Span).ShouldBe(id);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_refused()
    {
        byte[] body = [.. """{"jsonrpc":"2.0","id":1,"method":"a"""u8, 0xC3, 0x28, .. "\"}"u8];

        StrictJsonReader.Read(body, out _).ShouldNotBeNull().Reason.ShouldBe("invalid_utf8");
    }

    [Fact]
    public void An_object_with_very_many_members_is_read_in_reasonable_time()
    {
        var members = string.Join(',', Enumerable.Range(0, 40_000).Select(static i => $"\"m{i}\":{i}"));
        var body =
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":{""" + members + "}}}";

        StrictJsonReader.Read(Encoding.UTF8.GetBytes(body), out var request).ShouldBeNull();
        request!.Name.ShouldBe("t");

        var repeated = body.Replace("\"m39999\"", "\"M0\"", StringComparison.Ordinal);
        StrictJsonReader.Read(Encoding.UTF8.GetBytes(repeated), out _).ShouldNotBeNull();
    }

    [Fact]
    public void Every_prefix_of_a_message_is_refused_without_an_exception()
    {
        var body = Encoding.UTF8.GetBytes(
            """{"jsonrpc":"2.0","id":"é","method":"tools/call","params":{"name":"t","arguments":{"a":[1,2,{"b":"\u00e9"}]}}}"""
        );

        for (var length = 0; length < body.Length; length++)
        {
            StrictJsonReader.Read(body.AsMemory(0, length), out _).ShouldNotBeNull();
        }

        StrictJsonReader.Read(body, out _).ShouldBeNull();
    }
}
