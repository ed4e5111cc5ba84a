using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using AspireGateway.TestKit.Targets;
using CsCheck;

namespace AspireGateway.Gateway.Tests.Mcp.Conversation;

/// <summary>
/// Many people call over one connection of the gateway with the same JSON-RPC id, the same progress token and the same questions, in every
/// order: each of them hears what is theirs.
/// </summary>
public sealed class IsolationProperties
{
    private const int People = 6;
    private const int Steps = 4;
    private const int Orders = 25;

    private static readonly int[] OneOrder =
    [
        .. Enumerable.Range(0, People * Steps).Select(static step => step % People),
    ];
    private static readonly Gen<int[]> AnyOrder = Gen.Shuffle<int>(constants: OneOrder);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_crosses_in_any_order(bool isTargetModern)
    {
        await using var host = await TalkHost.StartAsync(isTargetModern);
        var stage = new Stage(isTargetModern);
        host.Target.OnCall = stage.PlayAsync;
        var clients = new List<Person>();
        for (var number = 0; number < People; number++)
        {
            clients.Add(await Person.CreateAsync(host, stage, number));
        }

        await AnyOrder.SampleAsync(
            async order =>
            {
                foreach (var number in order)
                {
                    await clients[number].StepAsync();
                }
            },
            iter: Orders,
            threads: 1
        );
    }

    /// <summary>What the target does in each call, when the test says so.</summary>
    private sealed class Stage(bool isModern)
    {
        private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new(StringComparer.Ordinal);

        public void Go(int number) =>
            Gate(number.ToString(System.Globalization.CultureInfo.InvariantCulture)).Release();

        public Task ArrivalAsync(int number) =>
            Gate($"arrival of {number}").WaitAsync(TestContext.Current.CancellationToken);

        public async Task<JsonObject> PlayAsync(ToolTalk talk)
        {
            var number = talk.Arguments!["number"]!.ToString();
            var question = new JsonObject { ["message"] = $"question for {number}" };
            if (talk.Parameters["inputResponses"]?["q"] is { } answer)
            {
                await Gate(number).WaitAsync(talk.Cancel);
                return ConversingTarget.Text(answer["content"]);
            }

            Gate($"arrival of {number}").Release();
            await Gate(number).WaitAsync(talk.Cancel);
            await talk.ProgressAsync(int.Parse(number, System.Globalization.CultureInfo.InvariantCulture));
            await Gate(number).WaitAsync(talk.Cancel);
            if (isModern)
            {
                var request = new JsonObject { ["method"] = "elicitation/create", ["params"] = question };
                return ConversingTarget.InputRequired(new JsonObject { ["q"] = request }, "the same state for all");
            }

            var answered = await talk.AskAsync("elicitation/create", question);
            await Gate(number).WaitAsync(talk.Cancel);
            return ConversingTarget.Text(answered["result"]!["content"]);
        }

        private SemaphoreSlim Gate(string number) => _gates.GetOrAdd(number, static _ => new SemaphoreSlim(0));
    }

    /// <summary>One person: the even ones with a client of 2026-07-28, the others with a session.</summary>
    private sealed class Person(Stage stage, int number, NewerClient? newer, OlderClient? older)
    {
        // A newer client gets its headers with the first message.
        private Task<OpenStream>? _opening;
        private OpenStream? _stream;
        private JsonElement _asked;
        private int _step;

        public static async Task<Person> CreateAsync(TalkHost host, Stage stage, int number)
        {
            var token = host.Token($"user-{number}");
            return number % 2 == 0
                ? new Person(stage, number, new NewerClient(host.Http, token), null)
                : new Person(stage, number, null, await OlderClient.StartAsync(host.Http, token));
        }

        public async Task StepAsync()
        {
            switch (_step++ % Steps)
            {
                case 0:
                    _opening = newer is null
                        ? older!.CallAsync(meta: """{"progressToken":1}""", arguments: Arguments)
                        : newer.OpenAsync(Ask);
                    await stage.ArrivalAsync(number);
                    break;
                case 1:
                    stage.Go(number);
                    _stream = await _opening!;
                    (await _stream.NextAsync("notifications/progress"))
                        .GetProperty("params")
                        .GetRawText()
                        .ShouldBe($$"""{"progress":{{number}},"progressToken":1}""");
                    break;
                case 2:
                    stage.Go(number);
                    _asked = await _stream!.NextAsync();
                    _asked.GetRawText().ShouldContain($"question for {number}\"");
                    break;
                default:
                    stage.Go(number);
                    (await AnswerAsync()).ShouldContain($"answer of {number}\\");
                    _stream!.Dispose();
                    break;
            }
        }

        private string Arguments => $$"""{"number":{{number}}}""";

        private string Content => $$$"""{"action":"accept","content":{"said":"answer of {{{number}}}"}}""";

        private void Ask(JsonObject parameters)
        {
            parameters["arguments"] = JsonNode.Parse(Arguments);
            parameters["_meta"]!["progressToken"] = 1;
        }

        private async Task<string> AnswerAsync()
        {
            if (newer is null)
            {
                await older!.AnswerAsync(_asked, Content);
                return (await _stream!.NextAsync()).GetRawText();
            }

            var result = _asked.GetProperty("result");
            var key = result.GetProperty("inputRequests").EnumerateObject().Single().Name;
            var answer = await newer.AnswerAsync(result, $$"""{"{{key}}":{{Content}}}""", Arguments);
            return answer.Result.GetRawText();
        }
    }
}
