using System.Net;
using System.Text.Json.Nodes;
using AspireGateway.TestKit.Targets;

namespace AspireGateway.Gateway.Tests.Mcp.Conversation;

/// <summary>What a target asks reaches its client whichever revision either of them speaks.</summary>
public sealed class MixedErasTests
{
    private const string Question = """{"message":"Name?","requestedSchema":{"type":"object"}}""";
    private const string Answer = """{"action":"accept","content":{"name":"Ada"}}""";

    [Fact]
    public async Task Newer_target_and_newer_client_exchange_input_requests_and_the_state_comes_back_as_it_was()
    {
        await using var host = await TalkHost.StartAsync(isTargetModern: true);
        host.Target.OnCall = AskOnce;
        var client = new NewerClient(host.Http, host.Token());

        var asked = (await client.CallAsync()).Result;
        asked.GetProperty("resultType").GetString().ShouldBe("input_required");
        asked.GetProperty("inputRequests").GetProperty("name").GetProperty("params").GetRawText().ShouldBe(Question);
        asked.GetProperty("requestState").GetString().ShouldNotBe("state of the target");
        var answer = (await client.AnswerAsync(asked, $$"""{"name":{{Answer}}}""")).Result;

        answer.GetProperty("resultType").GetString().ShouldBe("complete");
        answer.GetProperty("content")[0].GetProperty("text").GetString().ShouldBe(Answer);
    }

    [Fact]
    public async Task Newer_target_hears_in_each_request_what_this_client_can_be_asked()
    {
        await using var host = await TalkHost.StartAsync(isTargetModern: true);
        host.Target.OnCall = static talk =>
            Task.FromResult(
                ConversingTarget.Text(talk.Parameters["_meta"]!["io.modelcontextprotocol/clientCapabilities"])
            );

        (await new NewerClient(host.Http, host.Token(), """{"roots":{},"experimental":{"x":{}}}""").CallAsync())
            .Result.GetProperty("content")[0]
            .GetProperty("text")
            .GetString()
            .ShouldBe("""{"roots":{}}""");
        using var older = await (
            await OlderClient.StartAsync(host.Http, host.Token(), """{"elicitation":{}}""")
        ).CallAsync();
        (await older.NextAsync()).GetRawText().ShouldContain("form");
    }

    [Fact]
    public async Task Newer_target_that_misses_a_capability_says_so_to_the_client_with_its_data_and_status()
    {
        await using var host = await TalkHost.StartQuickAsync(isTargetModern: true);
        host.Target.OnCall = static _ =>
            Task.FromResult(
                (JsonObject)
                    JsonNode.Parse(
                        """{"code":-32021,"message":"No model.","data":{"requiredCapabilities":{"sampling":{}}}}"""
                    )!
            );

        var answer = await new NewerClient(host.Http, host.Token()).CallAsync();

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Error.GetProperty("code").GetInt32().ShouldBe(-32021);
        answer.Error.GetProperty("data").GetRawText().ShouldBe("""{"requiredCapabilities":{"sampling":{}}}""");
    }

    [Fact]
    public async Task Newer_target_asks_an_older_client_on_the_stream_of_its_call()
    {
        await using var host = await TalkHost.StartAsync(isTargetModern: true);
        host.Target.OnCall = AskOnce;
        var client = await OlderClient.StartAsync(host.Http, host.Token());

        using var stream = await client.CallAsync();
        var asked = await stream.NextAsync("elicitation/create");
        asked.GetProperty("params").GetRawText().ShouldBe(Question);
        await client.AnswerAsync(asked, Answer);

        (await stream.NextAsync())
            .GetProperty("result")
            .GetProperty("content")[0]
            .GetProperty("text")
            .GetString()
            .ShouldBe(Answer);
        host.Target.Requests.Select(static request => request.Text)
            .Count(static text => text.Contains("\"requestState\":\"state of the target\"", StringComparison.Ordinal))
            .ShouldBe(1);
    }

    [Fact]
    public async Task Older_target_asks_a_newer_client_by_the_result_and_its_call_waits_for_the_answer()
    {
        await using var host = await TalkHost.StartAsync(isTargetModern: false);
        var calls = 0;
        host.Target.OnCall = async talk =>
        {
            calls++;
            var first = await talk.AskAsync("elicitation/create", JsonNode.Parse(Question)!.AsObject());
            var second = await talk.AskAsync("roots/list", []);
            return ConversingTarget.Text(new JsonArray(first["result"]!.DeepClone(), second["result"]!.DeepClone()));
        };
        var client = new NewerClient(host.Http, host.Token());

        var first = (await client.CallAsync()).Result;
        first.GetProperty("inputRequests").GetProperty("request").GetProperty("params").GetRawText().ShouldBe(Question);
        var second = (await client.AnswerAsync(first, $$"""{"request":{{Answer}}}""")).Result;
        second
            .GetProperty("inputRequests")
            .GetProperty("request")
            .GetProperty("method")
            .GetString()
            .ShouldBe("roots/list");
        var answer = (await client.AnswerAsync(second, """{"request":{"roots":[]}}""")).Result;

        answer.GetProperty("content")[0].GetProperty("text").GetString().ShouldBe($$"""[{{Answer}},{"roots":[]}]""");
        calls.ShouldBe(1);
    }

    [Fact]
    public async Task A_state_of_another_person_or_of_other_arguments_continues_nothing()
    {
        foreach (var isTargetModern in new[] { true, false })
        {
            await using var host = await TalkHost.StartAsync(isTargetModern);
            host.Target.OnCall = isTargetModern
                ? AskOnce
                : static async talk =>
                    ConversingTarget.Text(
                        (await talk.AskAsync("elicitation/create", JsonNode.Parse(Question)!.AsObject()))["result"]
                    );
            var key = isTargetModern ? "name" : "request";
            var responses = $$"""{"{{key}}":{{Answer}}}""";
            var client = new NewerClient(host.Http, host.Token());
            var asked = (await client.CallAsync()).Result;
            host.Target.ClearRequests();

            var stranger = await new NewerClient(host.Http, host.Token("user-2")).AnswerAsync(asked, responses);
            stranger.Error.GetProperty("message").GetString()!.ShouldContain("requestState");
            var moved = await client.AnswerAsync(asked, responses, """{"more":1}""");
            moved.Error.GetProperty("message").GetString()!.ShouldContain("requestState");
            (await client.CallAsync(static parameters => parameters["requestState"] = "invented"))
                .Error.GetProperty("code")
                .GetInt32()
                .ShouldBe(-32602);
            // What the gateway asks for itself, such as which era the target is of, comes when it comes.
            host.Target.Calls().ShouldBeEmpty();

            var honest = await client.AnswerAsync(asked, responses);
            honest.Result.GetProperty("content")[0].GetProperty("text").GetString().ShouldBe(Answer);
            (await client.AnswerAsync(asked, responses)).Error.GetProperty("code").GetInt32().ShouldBe(-32602);
        }
    }

    [Fact]
    public async Task A_link_error_of_an_older_target_becomes_an_input_request_for_a_newer_client()
    {
        await using var host = await TalkHost.StartAsync(isTargetModern: false);
        var calls = 0;
        host.Target.OnCall = _ =>
            Task.FromResult(
                ++calls == 1
                    ? JsonNode
                        .Parse(
                            """{"code":-32042,"message":"Open","data":{"elicitations":[{"mode":"url","elicitationId":"e","url":"https://example.test/","message":"Open it"}]}}"""
                        )!
                        .AsObject()
                    : ConversingTarget.Text("opened")
            );
        var client = new NewerClient(host.Http, host.Token());

        var asked = (await client.CallAsync()).Result;
        var link = asked.GetProperty("inputRequests").GetProperty("request0").GetProperty("params");
        link.GetProperty("url").GetString().ShouldBe("https://example.test/");
        link.TryGetProperty("elicitationId", out _).ShouldBeFalse();
        var answer = (await client.AnswerAsync(asked, """{"request0":{"action":"accept"}}""")).Result;

        answer.GetRawText().ShouldContain("opened");
        host.Target.Requests[^1].Text.ShouldNotContain("inputResponses");
    }

    [Fact]
    public async Task Log_messages_go_to_a_newer_client_only_from_the_level_on_that_its_request_names()
    {
        await using var host = await TalkHost.StartAsync(isTargetModern: true);
        host.Target.OnCall = static async talk =>
        {
            var level = talk.Parameters["_meta"]!["io.modelcontextprotocol/logLevel"]?.ToString();
            await talk.NotifyAsync("notifications/message", new JsonObject { ["level"] = "info", ["data"] = level });
            return ConversingTarget.Text("done");
        };
        var client = new NewerClient(host.Http, host.Token());

        using var silent = await client.OpenAsync();
        (await silent.NextAsync()).TryGetProperty("result", out _).ShouldBeTrue();
        using var talkative = await client.OpenAsync(static parameters =>
            parameters["_meta"]!["io.modelcontextprotocol/logLevel"] = "info"
        );
        (await talkative.NextAsync("notifications/message")).GetRawText().ShouldContain("info");
    }

    private static Task<JsonObject> AskOnce(ToolTalk talk) =>
        Task.FromResult(
            talk.Parameters["inputResponses"]?["name"] is { } answer
                ? ConversingTarget.Text(answer)
                : ConversingTarget.InputRequired(
                    new JsonObject
                    {
                        ["name"] = new JsonObject
                        {
                            ["method"] = "elicitation/create",
                            ["params"] = JsonNode.Parse(Question),
                        },
                    }
                )
        );
}
