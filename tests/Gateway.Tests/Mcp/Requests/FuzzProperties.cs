using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit;
using AspireGateway.TestKit.Targets;
using CsCheck;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Mcp.Requests;

/// <summary>Requests and answers with parts changed, cut out, doubled and put in, on both routes: for a few seconds in each run.</summary>
public sealed class FuzzProperties
{
    private const int Cases = 400;

    private static readonly (string Path, string Tool)[] Routes =
    [
        ("/mcp/weather", "echo"),
        ("/mcp", "weather___echo"),
    ];

    private static readonly string[] Pieces =
    [
        "\"",
        "\\",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\0",
        "\n",
        "\n\n",
        "\r",
        "data:",
        "id:",
        "null",
        "-1",
        "1e9",
        "\\ud800",
        "\"id\":7",
        "é",
        "event: x\n",
    ];

    private static readonly Gen<Change[]> Changes = Gen.Select(
        Gen.Int[0, 3],
        Gen.Double[0, 1],
        Gen.Int[1, 20],
        Gen.Int[0, Pieces.Length - 1],
        static (kind, at, length, piece) => new Change(kind, at, length, Pieces[piece])
    ).Array[0, 3];

    [Fact]
    public async Task A_changed_request_is_refused_or_reaches_the_target_as_it_is()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var token = host.Token();
        string[] versions = ["2025-11-25", "2026-07-28", "2025-03-26", "v9", ""];

        await Gen.Select(Changes, Gen.Int[0, 3], Gen.Int[0, versions.Length - 1], Gen.Bool)
            .SampleAsync(
                async input =>
                {
                    var (changes, seed, version, isAggregate) = input;
                    var (path, tool) = Routes[isAggregate ? 1 : 0];
                    var body = Encoding.UTF8.GetBytes(
                        changes.Aggregate(Seed(seed, tool), static (text, change) => change.Apply(text))
                    );
                    host.Target.ClearRequests();
                    using var request = new Malformed("", body)
                    {
                        Headers =
                        [
                            ("MCP-Protocol-Version", versions[version]),
                            ("Mcp-Method", "tools/call"),
                            ("Mcp-Name", tool),
                        ],
                    }.ToRequest(path, token);

                    var answer = await client.ReadAsync(request);

                    ((int)answer.Status).ShouldBeLessThan(500, answer.Text);
                    if (!isAggregate && host.Target.Requests is [var seen])
                    {
                        seen.Body.ShouldBe(body);
                        using var read = JsonDocument.Parse(body);
                    }
                },
                iter: Cases,
                threads: 1
            );
    }

    [Fact]
    public async Task A_changed_answer_is_passed_on_or_becomes_an_error_and_the_next_call_is_answered()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var token = host.Token();
        Reply? reply = null;
        host.Target.Override = async (context, request) =>
        {
            if (reply is null || request.Member("method") is not "\"tools/call\"")
            {
                return false;
            }

            await reply.SendAsync(context, request);
            return true;
        };
        var replies = Gen.Select(
            Changes,
            OneOf(200, 200, 200, 202, 302, 400, 404, 429, 500),
            OneOf("application/json", "text/event-stream", "application/json; charset=utf-8", "text/html", ""),
            Gen.Bool,
            static (changes, status, type, isBroken) => new Reply(changes, status, type, isBroken)
        );

        await Gen.Select(replies, Gen.Bool)
            .SampleAsync(
                async input =>
                {
                    var (path, tool) = Routes[input.Item2 ? 1 : 0];
                    reply = input.Item1;
                    await CheckAsync(client, path, tool, token, reply);
                    reply = null;
                },
                iter: Cases,
                threads: 1
            );

        foreach (var (path, tool) in Routes)
        {
            (await client.SendAsync(path, McpRequests.CallTool(tool), token)).Text.ShouldContain("hi");
        }
    }

    private static async Task CheckAsync(HttpClient client, string path, string tool, string token, Reply reply)
    {
        McpAnswer answer;
        try
        {
            answer = await client.SendAsync(path, McpRequests.CallTool(tool), token);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            // A stream that broke and could be resumed is broken for the client too.
            reply.IsEvents.ShouldBeTrue(exception.ToString());
            return;
        }

        ((int)answer.Status).ShouldNotBe(500, answer.Text);
        if (answer.MediaType is "application/json")
        {
            using var message = JsonDocument.Parse(answer.Text);
            message.RootElement.TryGetProperty("jsonrpc", out _).ShouldBeTrue();
        }
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Seed(int seed, string tool) =>
        seed switch
        {
            0 => McpRequests.CallTool(tool),
            1 => MalformedRequests.ModernCall(tool),
            2 => """{"jsonrpc":"2.0","id":7,"result":{"action":"accept"}}""",
            _ => """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""",
        };

    /// <summary>One change of a text.</summary>
    private sealed record Change(int Kind, double At, int Length, string Piece)
    {
        public string Apply(string text)
        {
            var at = (int)(At * text.Length);
            var length = Math.Min(Length, text.Length - at);
            return Kind switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, Piece),
                2 => text.Insert(at, text.Substring(at, length)),
                _ => text.Remove(at, length).Insert(at, Piece),
            };
        }
    }

    /// <summary>What the target answers.</summary>
    private sealed record Reply(Change[] Changes, int Status, string Type, bool IsBroken)
    {
        public bool IsEvents => Type is "text/event-stream";

        public async Task SendAsync(HttpContext context, RecordedRequest request)
        {
            var whole = request.Answer("""{"content":[{"type":"text","text":"hi"}]}""");
            var text = Changes.Aggregate(
                IsEvents ? Events.Event(whole, "1") : whole,
                static (body, change) => change.Apply(body)
            );
            context.Response.StatusCode = Status;
            context.Response.ContentType = Type.Length == 0 ? null : Type;
            await context.Response.WriteAsync(text[..(text.Length / 2)], context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            if (IsBroken)
            {
                context.Abort();
                return;
            }

            await context.Response.WriteAsync(text[(text.Length / 2)..], context.RequestAborted);
        }
    }
}
