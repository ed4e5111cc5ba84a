using System.Globalization;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit;
using AspireGateway.TestKit.Targets;
using CsCheck;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Mcp.PerTarget;

/// <summary>
/// Many people at one target, at the same time, with the same JSON-RPC ids, progress tokens and session ids of the target: everybody
/// hears what is said to them, and nothing else.
/// </summary>
public sealed class InterleavingProperties
{
    private const string Path = "/mcp/weather";
    private const int Rounds = 25;
    private const int MostPeople = 6;

    /// <summary>What one person does: so many calls, each with so many progress events, some of them in a session, some of which are left.</summary>
    private static readonly Gen<Call[]> Calls = Gen.Select(
        Gen.Int[0, MostPeople - 1],
        Gen.Int[0, 3],
        Gen.Bool,
        Gen.Bool,
        static (person, events, isStream, isLeft) =>
            new Call(person, events, isStream || events > 0, isLeft && events > 0)
    ).Array[2, 16];

    [Fact]
    public async Task Nothing_of_one_persons_calls_reaches_another()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        host.Target.Override = AnswerAsync;
        var tokens = Enumerable
            .Range(0, MostPeople)
            .Select(person => host.Token((_, payload) => payload["sub"] = "person-" + Text(person)))
            .ToList();
        var sessions = new List<string>();
        for (var person = 0; person < MostPeople; person++)
        {
            sessions.Add(await StartAsync(client, tokens[person], person));
        }

        await Calls.SampleAsync(
            calls =>
                Task.WhenAll(calls.Select(call => RunAsync(client, tokens[call.Person], sessions[call.Person], call))),
            iter: Rounds,
            threads: 1
        );

        // The sessions of all have the same id at the target, and are worth nothing to each other here.
        foreach (var (token, own) in tokens.Zip(sessions))
        {
            foreach (var foreign in sessions.Where(session => session != own))
            {
                using var request = LegacyRequests.Post(Path, McpRequests.ListTools, token, foreign);
                (await client.ReadAsync(request)).Reason.ShouldBe("unknown_session");
            }
        }
    }

    private static async Task RunAsync(HttpClient client, string token, string session, Call call)
    {
        var secret = $"secret-of-{call.Person}-{Guid.NewGuid():N}";
        using var request = LegacyRequests.Post(Path, Body(secret, call), token, session);
        using var stream = await OpenStream.OpenAsync(client, request);
        var heard = call.IsLeft ? await stream.ReadEventAsync() : await stream.ReadToEndAsync();

        heard.ShouldContain(secret);
        stream.Headers.GetValues("Mcp-Session-Id").ShouldHaveSingleItem().ShouldBe(session);
        Occurrences(heard, "secret-of-").ShouldBe(call.IsLeft ? 1 : call.Events + 1, heard);
        Occurrences(heard, secret).ShouldBe(Occurrences(heard, "secret-of-"), heard);
        if (!call.IsLeft)
        {
            heard.ShouldContain("\"id\":1,");
        }
    }

    // The same id and token for everybody.
    private static string Body(string secret, Call call) =>
        new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 1,
            ["method"] = "tools/call",
            ["params"] = new JsonObject
            {
                ["name"] = "echo",
                ["arguments"] = new JsonObject
                {
                    ["secret"] = secret,
                    ["events"] = call.Events,
                    ["stream"] = call.IsStream,
                },
                ["_meta"] = new JsonObject { ["progressToken"] = "same" },
            },
        }.ToJsonString();

    private static async Task<bool> AnswerAsync(HttpContext context, RecordedRequest request)
    {
        // The same session id for everybody.
        context.Response.Headers["Mcp-Session-Id"] = "session";
        if (request.Member("method") is not "\"tools/call\"")
        {
            return false;
        }

        var arguments = JsonNode.Parse(request.Body)!["params"]!["arguments"]!;
        var secret = arguments["secret"]!.GetValue<string>();
        var answer = request.Answer($$"""{"content":[],"said":"{{secret}}"}""");
        if (!arguments["stream"]!.GetValue<bool>())
        {
            await context.AnswerAsync(answer);
            return true;
        }

        for (var i = 0; i < arguments["events"]!.GetValue<int>(); i++)
        {
            var progress = new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["method"] = "notifications/progress",
                ["params"] = new JsonObject
                {
                    ["progressToken"] = "same",
                    ["progress"] = i,
                    ["message"] = secret,
                },
            };
            await context.SayAsync(Events.Event(progress.ToJsonString()));
            await Task.Yield();
        }

        await context.SayAsync(Events.Event(answer));
        return true;
    }

    private static async Task<string> StartAsync(HttpClient client, string token, int person)
    {
        var answer = await client.SendAsync(Path, LegacyRequests.Initialize, token);
        return answer.Headers.GetValues("Mcp-Session-Id").ShouldHaveSingleItem("person " + Text(person));
    }

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Call(int Person, int Events, bool IsStream, bool IsLeft);
}
