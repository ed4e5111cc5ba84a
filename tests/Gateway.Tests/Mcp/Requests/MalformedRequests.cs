using System.Net.Http.Headers;
using System.Text;

namespace AspireGateway.Gateway.Tests.Mcp.Requests;

/// <summary>Requests that are wrong in one way each, made by structure: for a route and one of its tools.</summary>
internal static class MalformedRequests
{
    private const string Modern = "2026-07-28";
    private const string Meta =
        """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}""";

    private static readonly string[] Members = ["jsonrpc", "id", "method", "params"];
    private static readonly string[] Wrong =
    [
        "null",
        "true",
        "1",
        "1.5",
        "[]",
        "{}",
        "[1]",
        "\"x\"",
        "\"\"",
        "\"\\ud800\"",
    ];

    /// <summary>All of them.</summary>
    /// <param name="tool">A tool that exists.</param>
    /// <param name="session">A session of somebody else.</param>
    public static IEnumerable<Malformed> All(string tool, string session) =>
        Documents(tool)
            .Concat(Truncated(tool))
            .Concat(Values(tool))
            .Concat(Repeated(tool))
            .Concat(Large(tool))
            .Select(static body => new Malformed(body.Name, body.Bytes))
            .Concat(Revisions(tool))
            .Concat(ContentTypes(tool))
            .Concat(Sessions(tool, session))
            .Concat(Verbs(tool));

    private static string Call(string tool) =>
        $$$$"""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"{{{{tool}}}}","arguments":{"a":"b"}}}""";

    /// <summary>A call as MCP 2026-07-28 has it, which is right unless <paramref name="meta"/> is not.</summary>
    public static string ModernCall(string tool, string meta = Meta) =>
        Call(tool).Replace("}}}", "},\"_meta\":" + meta + "}}", StringComparison.Ordinal);

    private static IEnumerable<(string Name, byte[] Bytes)> Documents(string tool)
    {
        var call = Call(tool);
        string[] texts =
        [
            "",
            " ",
            "\n",
            "{",
            "}",
            "[",
            "]",
            "{}",
            "[]",
            "null",
            "true",
            "0",
            "\"\"",
            "NaN",
            "undefined",
            ",",
            ":",
            $"[{call}]",
            $"[{call},{call}]",
            call + call,
            call + "x",
            call + "\0",
            call + "{}",
            call + "null",
            call + ",",
            "\0" + call,
            "x" + call,
            "//\n" + call,
            "/**/" + call,
            call.Replace('"', '\''),
            call.Replace(":", "=", StringComparison.Ordinal),
            call.Replace("}}}", "},}}", StringComparison.Ordinal),
            call.Replace("7", "07", StringComparison.Ordinal),
            call.Replace("7", "+7", StringComparison.Ordinal),
            call.Replace("7", "1e999", StringComparison.Ordinal),
            call.Replace("7", "99999999999999999999", StringComparison.Ordinal),
            call.Replace("\"b\"", "\"\\x\"", StringComparison.Ordinal),
            call.Replace("\"b\"", "\"\\u12\"", StringComparison.Ordinal),
            call.Replace("\"b\"", "\"\t\"", StringComparison.Ordinal),
            call.Replace("\"b\"", "\"\\udc00\"", StringComparison.Ordinal),
            call.Replace("\"a\"", "\"\\ud800\"", StringComparison.Ordinal),
            call.Replace("\"b\"", new string('[', 31) + new string(']', 31), StringComparison.Ordinal),
            call.Replace("\"b\"", new string('[', 100_000), StringComparison.Ordinal),
            """{"jsonrpc":"2.0","id":7}""",
            """{"jsonrpc":"2.0","method":"tools/call"}""",
            """{"jsonrpc":"2.0","result":{}}""",
            """{"jsonrpc":"2.0","id":7,"result":{},"error":{}}""",
            """{"jsonrpc":"2.0","id":7,"method":"ping","result":{}}""",
            """{"jsonrpc":"2.0","id":7,"method":"tools/call"}""",
            """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{}}""",
            """{"jsonrpc":"2.0","id":7,"method":"prompts/get","params":{"arguments":{}}}""",
            """{"jsonrpc":"2.0","id":7,"method":"resources/read","params":{"name":"x"}}""",
        ];
        var encodings = new (string, byte[])[]
        {
            ("a byte order mark", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(call)]),
            ("UTF-16", Encoding.Unicode.GetBytes(call)),
            ("Latin 1", Encoding.Latin1.GetBytes(call.Replace("\"b\"", "\"\u00e4\"", StringComparison.Ordinal))),
            ("an overlong form", [.. Encoding.UTF8.GetBytes(call[..^5]), 0xC0, 0xAF, .. "\"}}}"u8]),
            ("an encoded surrogate", [.. Encoding.UTF8.GetBytes(call[..^5]), 0xED, 0xA0, 0x80, .. "\"}}}"u8]),
        };
        return texts
            .Select(static (text, i) => ($"document {i}: {Short(text)}", Encoding.UTF8.GetBytes(text)))
            .Concat(encodings);
    }

    // Every proper beginning of a message is no message.
    private static IEnumerable<(string Name, byte[] Bytes)> Truncated(string tool)
    {
        var call = Encoding.UTF8.GetBytes(Call(tool));
        return Enumerable.Range(1, call.Length - 1).Select(length => ($"the first {length} bytes", call[..length]));
    }

    private static IEnumerable<(string Name, byte[] Bytes)> Values(string tool)
    {
        var fields = new (string Path, string Valid, string[] AlsoValid)[]
        {
            ("\"jsonrpc\":", "\"2.0\"", []),
            ("\"id\":", "7", ["1", "\"x\"", "\"\""]),
            ("\"method\":", "\"tools/call\"", ["\"x\""]),
            ("\"name\":", $"\"{tool}\"", ["\"x\"", "\"\""]),
            ("\"params\":", $$$"""{"name":"{{{tool}}}","arguments":{"a":"b"}}""", []),
        };
        return from field in fields
            from value in Wrong
            where !field.AlsoValid.Contains(value)
            select (
                $"{field.Path}{value}",
                Encoding.UTF8.GetBytes(
                    Call(tool).Replace(field.Path + field.Valid, field.Path + value, StringComparison.Ordinal)
                )
            );
    }

    // Two readers could take different ones of two members.
    private static IEnumerable<(string Name, byte[] Bytes)> Repeated(string tool)
    {
        var call = Call(tool);
        string[] names = [.. Members, "name", "arguments", "a"];
        foreach (var name in names)
        {
            var at = call.IndexOf($"\"{name}\"", StringComparison.Ordinal);
            foreach (var spelling in (string[])[name, name.ToUpperInvariant(), $"\\u{(int)name[0]:x4}{name[1..]}"])
            {
                yield return ($"{name} and {spelling}", Encoding.UTF8.GetBytes(call.Insert(at, $"\"{spelling}\":1,")));
            }
        }

        foreach (var name in (string[])[.. Members, "name"])
        {
            foreach (var spelling in (string[])[name.ToUpperInvariant(), char.ToUpperInvariant(name[0]) + name[1..]])
            {
                yield return (
                    $"{spelling} for {name}",
                    Encoding.UTF8.GetBytes(call.Replace($"\"{name}\"", $"\"{spelling}\"", StringComparison.Ordinal))
                );
            }
        }
    }

    private static IEnumerable<(string Name, byte[] Bytes)> Large(string tool)
    {
        const int Limit = 1024 * 1024;
        var call = Encoding.UTF8.GetBytes(Call(tool));
        yield return ("more spaces than may be", [.. call, .. Enumerable.Repeat((byte)' ', Limit)]);
        yield return (
            "a long text",
            Encoding.UTF8.GetBytes(
                Call(tool).Replace("\"b\"", $"\"{new string('x', Limit)}\"", StringComparison.Ordinal)
            )
        );
        var members = string.Concat(Enumerable.Range(0, 20_000).Select(static i => $"\"m{i}\":1,"));
        yield return (
            "many members, the last one twice",
            Encoding.UTF8.GetBytes(Call(tool).Replace("\"a\":", members + "\"m1\":1,\"a\":", StringComparison.Ordinal))
        );
    }

    private static IEnumerable<Malformed> Revisions(string tool)
    {
        (string, string)[] honest =
        [
            ("MCP-Protocol-Version", Modern),
            ("Mcp-Method", "tools/call"),
            ("Mcp-Name", tool),
        ];
        string?[] lies =
        [
            null,
            "",
            "x",
            "TOOLS/CALL",
            "2025-11-25",
            "2026-07-29",
            "=?base64?eA==?=",
            "=?base64?*?=",
            "\u00e9",
            " ,",
        ];
        foreach (var (header, value) in honest)
        {
            foreach (var lie in lies)
            {
                yield return new Malformed($"{header}: {lie}", Encoding.UTF8.GetBytes(ModernCall(tool)))
                {
                    Headers =
                    [
                        .. honest.Where(pair => pair.Item1 != header),
                        .. lie is null ? [] : new[] { (header, lie) },
                    ],
                };
            }

            yield return new Malformed($"{header} twice", Encoding.UTF8.GetBytes(ModernCall(tool)))
            {
                Headers = [.. honest, (header, value)],
            };
        }

        string[] metas =
        [
            "1",
            "[]",
            "\"x\"",
            "{}",
            "null",
            """{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}""",
            """{"io.modelcontextprotocol/clientCapabilities":{}}""",
            """{"io.modelcontextprotocol/protocolVersion":1,"io.modelcontextprotocol/clientCapabilities":{}}""",
            """{"io.modelcontextprotocol/protocolVersion":"2025-11-25","io.modelcontextprotocol/clientCapabilities":{}}""",
            """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":[]}""",
            """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":null}""",
            """{"IO.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}""",
        ];
        foreach (var meta in metas)
        {
            yield return new Malformed($"_meta {meta}", Encoding.UTF8.GetBytes(ModernCall(tool, meta)))
            {
                Headers = honest,
            };
        }

        foreach (
            var method in (string[])
                ["initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe"]
        )
        {
            var body = $$$"""{"jsonrpc":"2.0","id":7,"method":"{{{method}}}","params":{"_meta":{{{Meta}}}}}""";
            yield return new Malformed($"{method} in {Modern}", Encoding.UTF8.GetBytes(body))
            {
                Headers = [("MCP-Protocol-Version", Modern), ("Mcp-Method", method)],
            };
        }
    }

    private static IEnumerable<Malformed> ContentTypes(string tool) =>
        (
            (string?[])
                [
                    null,
                    "text/plain",
                    "text/html",
                    "application/xml",
                    "multipart/form-data",
                    "application/x-www-form-urlencoded",
                    "application/jsonx",
                    "application/octet-stream",
                    "text/event-stream",
                    "json/json",
                ]
        ).Select(type => new Malformed($"content type {type}", Encoding.UTF8.GetBytes(Call(tool)))
        {
            ContentType = type,
        });

    private static IEnumerable<Malformed> Sessions(string tool, string session)
    {
        string[] ids =
        [
            "x",
            "\"\"",
            "null",
            "-",
            "=",
            "....",
            "AAAA",
            "upstream-session",
            session,
            session[..^1],
            session[1..],
            session + "A",
            session[..(session.Length / 2)],
            session.ToUpperInvariant(),
            new string('A', 8_000),
            "a b",
            "../../x",
            "%00",
            session + "," + session,
        ];
        foreach (var id in ids)
        {
            foreach (var method in (HttpMethod[])[HttpMethod.Post, HttpMethod.Get, HttpMethod.Delete])
            {
                yield return new Malformed($"{method} in session {Short(id)}", Encoding.UTF8.GetBytes(Call(tool)))
                {
                    Method = method,
                    Headers = [("MCP-Protocol-Version", "2025-11-25"), ("Mcp-Session-Id", id)],
                };
            }
        }
    }

    private static IEnumerable<Malformed> Verbs(string tool) =>
        ((string[])["PUT", "PATCH", "HEAD", "TRACE", "X"]).Select(verb => new Malformed(
            $"HTTP method {verb}",
            Encoding.UTF8.GetBytes(Call(tool))
        )
        {
            Method = new HttpMethod(verb),
        });

    private static string Short(string text) => text.Length > 60 ? text[..60] + "…" : text;
}

/// <summary>A request that must be refused.</summary>
internal sealed record Malformed(string Name, byte[] Body)
{
    public HttpMethod Method { get; init; } = HttpMethod.Post;

    public string? ContentType { get; init; } = "application/json";

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [("MCP-Protocol-Version", "2025-11-25")];

    public HttpRequestMessage ToRequest(string path, string token)
    {
        var request = new HttpRequestMessage(Method, path);
        if (Method != HttpMethod.Get && Method != HttpMethod.Delete)
        {
            request.Content = new ByteArrayContent(Body);
            request.Content.Headers.ContentType = ContentType is null ? null : MediaTypeHeaderValue.Parse(ContentType);
        }

        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        foreach (var (name, value) in Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
