using System.Net;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Outbound;

namespace AspireGateway.Gateway.Tests.Mcp.Requests;

/// <summary>MCP 2026-07-28: what headers and body must say alike, on both routes, whatever revision a header claims.</summary>
public sealed class RevisionTests
{
    private const string Version = "MCP-Protocol-Version";
    private const string Older = "2025-11-25";

    public static TheoryData<string, string?, string?, int> Lies =>
        new()
        {
            { Version, null, null, -32020 },
            { Version, Older, null, -32020 },
            { Version, "2026-07-29", null, -32020 },
            { "Mcp-Method", null, null, -32020 },
            { "Mcp-Method", "tools/list", null, -32020 },
            { "Mcp-Method", "Tools/Call", null, -32020 },
            { "Mcp-Name", null, null, -32020 },
            { "Mcp-Name", "safe", null, -32020 },
            { "Mcp-Name", "=?base64?c2FmZQ==?=", null, -32020 },
            { "Mcp-Name", "=?base64?!?=", null, -32020 },
            { "Mcp-Name", "=?base64?=", null, -32020 },
            // The body claims nothing, or an older revision, and the headers the new one.
            { Version, Modern.Version, "no-version", -32602 },
            { Version, Modern.Version, "no-capabilities", -32602 },
            { Version, Modern.Version, "no-meta", -32602 },
            { Version, Modern.Version, Older, -32020 },
            // A request that looks old throughout, and still carries a header that lies.
            { "Mcp-Name", "safe", "old", -32020 },
        };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_header_that_is_missing_or_lies_is_refused_and_the_honest_request_is_not(
        string header,
        string? value,
        string? body,
        int code
    )
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        foreach (
            var (path, tool) in (IEnumerable<(string, string)>)[("/mcp", "weather___echo"), ("/mcp/weather", "echo")]
        )
        {
            host.Target.ClearRequests();
            using var lying = Modern.Call(path, tool, "{}", host.Token(), parameters => Change(parameters, body));
            if (body is "old")
            {
                lying.Headers.Remove(Version);
                lying.Headers.Add(Version, Older);
            }

            lying.Headers.Remove(header);
            if (value is not null)
            {
                lying.Headers.Add(header, value);
            }

            var refused = await client.ReadAsync(lying);

            refused.Status.ShouldBe(HttpStatusCode.BadRequest, refused.Text);
            refused.Error.GetProperty("code").GetInt32().ShouldBe(code);
            refused.Json.GetProperty("id").GetInt32().ShouldBe(7);
            host.Target.Calls().ShouldBeEmpty();
        }

        using var honest = Modern.Call("/mcp/weather", "echo", "{}", host.Token());
        honest.Headers.Remove("Mcp-Name");
        honest.Headers.TryAddWithoutValidation("Mcp-Name", "  =?base64?ZWNobw==?= ");
        (await client.ReadAsync(honest)).Status.ShouldBe(HttpStatusCode.OK);
        host.Target.Calls().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Methods_that_the_revision_removed_are_not_found_and_those_of_extensions_are_the_targets()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        foreach (var method in (string[])["initialize", "ping", "logging/setLevel", "resources/subscribe"])
        {
            using var removed = Modern.Send("/mcp/weather", method, [], host.Token());
            var refused = await client.ReadAsync(removed);
            refused.Status.ShouldBe(HttpStatusCode.NotFound);
            refused.Error.GetProperty("code").GetInt32().ShouldBe(-32601);
        }

        using var get = LegacyRequests.Send(HttpMethod.Get, "/mcp/weather", host.Token(), session: null);
        get.Headers.Remove(Version);
        get.Headers.Add(Version, Modern.Version);
        (await client.ReadAsync(get)).Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        host.Target.Requests.ShouldBeEmpty();

        // The tasks extension routes by the id of a task.
        var task = new JsonObject { ["taskId"] = "t-1" };
        using var extension = Modern.Send("/mcp/weather", "tasks/get", task, host.Token(), name: "t-1");
        (await client.ReadAsync(extension)).Status.ShouldBe(HttpStatusCode.OK);
        host.Target.Calls("tasks/get").ShouldHaveSingleItem();
    }

    public static TheoryData<string, string?, string?, bool> Parameters =>
        new()
        {
            { """{"region":"eu"}""", "eu", null, true },
            { """{"region":"eu"}""", "=?base64?ZXU=?=", null, true },
            { """{"region":"=?base64?ZXU="}""", "=?base64?ZXU=", null, true },
            { """{"region":"eu"}""", null, null, false },
            { """{"region":"eu"}""", "us", null, false },
            { """{"region":"eu"}""", "=?base64?ZXU?=", null, false },
            { """{"region":null}""", null, null, true },
            { """{"region":null}""", "eu", null, false },
            { "{}", null, null, true },
            { "{}", "eu", null, false },
            { """{"nested":{"count":42}}""", null, "42", true },
            { """{"nested":{"count":42}}""", null, "42.0", true },
            { """{"nested":{"count":42}}""", null, "43", false },
            { """{"nested":{"count":42}}""", null, null, false },
            { """{"nested":{"count":9007199254740993}}""", null, "9007199254740992", false },
        };

    [Theory]
    [MemberData(nameof(Parameters))]
    public async Task Arguments_that_a_schema_marks_must_be_repeated_in_their_headers(
        string arguments,
        string? region,
        string? count,
        bool isAccepted
    )
    {
        await using var host = await GatewayHost.StartAsync();
        host.Target.Tools = JsonNode
            .Parse(
                """
                [{"name":"echo","inputSchema":{"type":"object","properties":{
                  "region":{"type":"string","x-mcp-header":"Region"},
                  "free":{"type":"string"},
                  "nested":{"type":"object","properties":{"count":{"type":"integer","x-mcp-header":"Count"}}}}}}]
                """
            )!
            .AsArray();
        using var client = await host.CreateReadyClientAsync();
        foreach (
            var (path, tool) in (IEnumerable<(string, string)>)[("/mcp/weather", "echo"), ("/mcp", "weather___echo")]
        )
        {
            host.Target.ClearRequests();
            using var request = Modern.Call(path, tool, arguments, host.Token());
            Add(request, "Mcp-Param-Region", region);
            Add(request, "Mcp-Param-Count", count);

            var answer = await client.ReadAsync(request);

            answer.Status.ShouldBe(isAccepted ? HttpStatusCode.OK : HttpStatusCode.BadRequest, path + answer.Text);
            host.Target.Calls().Count().ShouldBe(isAccepted ? 1 : 0);
            if (!isAccepted)
            {
                answer.Error.GetProperty("code").GetInt32().ShouldBe(-32020);
            }
        }
    }

    [Fact]
    public async Task An_older_revision_need_not_send_such_headers_but_may_not_lie_in_them()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Target.Tools = JsonNode
            .Parse(
                """[{"name":"echo","inputSchema":{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"}}}}]"""
            )!
            .AsArray();
        using var client = await host.CreateReadyClientAsync();
        using var without = McpRequests.Post("/mcp/weather", Call(), host.Token());
        using var lying = McpRequests.Post("/mcp/weather", Call(), host.Token());
        lying.Headers.Add("Mcp-Param-Region", "us");

        (await client.ReadAsync(without)).Status.ShouldBe(HttpStatusCode.OK);
        (await client.ReadAsync(lying)).Error.GetProperty("code").GetInt32().ShouldBe(-32020);
        host.Target.Calls().ShouldHaveSingleItem();

        static string Call() => McpRequests.CallTool("echo", """{"region":"eu"}""");
    }

    private static void Add(HttpRequestMessage request, string name, string? value)
    {
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static void Change(JsonObject parameters, string? body)
    {
        var meta = parameters["_meta"]!.AsObject();
        switch (body)
        {
            case "no-version":
                meta.Remove("io.modelcontextprotocol/protocolVersion");
                break;
            case "no-capabilities":
                meta.Remove("io.modelcontextprotocol/clientCapabilities");
                break;
            case "no-meta" or "old":
                parameters.Remove("_meta");
                break;
            case not null:
                meta["io.modelcontextprotocol/protocolVersion"] = body;
                break;
        }
    }
}
