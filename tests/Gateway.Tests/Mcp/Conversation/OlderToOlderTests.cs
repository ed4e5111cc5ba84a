using System.Net;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit.Targets;

namespace AspireGateway.Gateway.Tests.Mcp.Conversation;

/// <summary>A target of 2025-11-25 talks with a client of 2025-11-25 on the stream of a call.</summary>
public sealed class OlderToOlderTests
{
    [Theory]
    [InlineData(
        "elicitation/create",
        """{"mode":"form","message":"Name?","requestedSchema":{"type":"object","properties":{}},"x-unknown":1.50}""",
        """{"action":"accept","content":{"name":"Ada"}}"""
    )]
    [InlineData(
        "elicitation/create",
        """{"mode":"url","message":"Open it","url":"https://example.test/","elicitationId":"e-1"}""",
        """{"action":"accept"}"""
    )]
    [InlineData(
        "sampling/createMessage",
        """{"messages":[{"role":"user","content":{"type":"text","text":"Hi"}}],"maxTokens":9}""",
        """{"role":"assistant","model":"m","content":{"type":"text","text":"Hello"},"x-unknown":2.50}"""
    )]
    [InlineData("roots/list", "{}", """{"roots":[{"uri":"file:///home"}]}""")]
    public async Task A_request_of_the_target_comes_on_the_stream_of_its_call_and_the_answer_goes_back(
        string method,
        string parameters,
        string result
    )
    {
        await using var host = await TalkHost.StartAsync(isTargetModern: false);
        host.Target.OnCall = async talk =>
            ConversingTarget.Text((await talk.AskAsync(method, JsonNode.Parse(parameters)!.AsObject()))["result"]);
        var client = await OlderClient.StartAsync(host.Http, host.Token());

        using var stream = await client.CallAsync();
        var asked = await stream.NextAsync(method);
        asked.GetProperty("params").GetRawText().ShouldBe(parameters);
        (await client.AnswerAsync(asked, result)).Status.ShouldBe(HttpStatusCode.Accepted);

        var answer = await stream.NextAsync();
        answer.GetProperty("id").GetInt32().ShouldBe(7);
        answer.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString().ShouldBe(result);
    }

    [Fact]
    public async Task The_target_hears_at_the_handshake_what_the_client_can_be_asked()
    {
        await using var host = await TalkHost.StartAsync(isTargetModern: false);
        var able = await OlderClient.StartAsync(host.Http, host.Token());
        var unable = await OlderClient.StartAsync(host.Http, host.Token(), "{}");

        using var first = await able.CallAsync();
        await first.NextAsync();
        using var second = await unable.CallAsync();
        await second.NextAsync();

        host.Target.Initialized.Select(static parameters => parameters["capabilities"]!.ToJsonString())
            .ShouldContain("""{"roots":{},"sampling":{"tools":{}},"elicitation":{"form":{},"url":{}}}""");
        host.Target.Initialized.Select(static parameters => parameters["capabilities"]!.ToJsonString())
            .ShouldContain("{}");
    }

    [Theory]
    [InlineData("{}", "elicitation/create", """{"message":"Name?"}""")]
    [InlineData("""{"elicitation":{}}""", "elicitation/create", """{"mode":"url","url":"https://example.test/"}""")]
    [InlineData("""{"elicitation":{"form":{},"url":{}}}""", "sampling/createMessage", "{}")]
    [InlineData("""{"sampling":{}}""", "sampling/createMessage", """{"tools":[]}""")]
    public async Task A_client_that_did_not_declare_it_is_never_asked(
        string capabilities,
        string method,
        string parameters
    )
    {
        await using var host = await TalkHost.StartAsync(isTargetModern: false);
        host.Target.OnCall = async talk =>
            ConversingTarget.Text((await talk.AskAsync(method, JsonNode.Parse(parameters)!.AsObject()))["error"]);
        var client = await OlderClient.StartAsync(host.Http, host.Token(), capabilities);

        using var stream = await client.CallAsync();

        var answer = await stream.NextAsync();
        answer.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!.ShouldContain("-32601");
    }

    [Fact]
    public async Task Several_questions_at_once_are_answered_in_any_order()
    {
        await using var host = await TalkHost.StartAsync(isTargetModern: false);
        host.Target.OnCall = async talk =>
        {
            var roots = talk.AskAsync("roots/list", []);
            var name = talk.AskAsync("elicitation/create", new JsonObject { ["message"] = "Name?" });
            await Task.WhenAll(roots, name);
            return ConversingTarget.Text(
                new JsonArray((await roots)["result"]!.DeepClone(), (await name)["result"]!.DeepClone())
            );
        };
        var client = await OlderClient.StartAsync(host.Http, host.Token());

        using var stream = await client.CallAsync();
        var first = await stream.NextAsync("roots/list");
        var second = await stream.NextAsync("elicitation/create");
        await client.AnswerAsync(second, """{"action":"decline"}""");
        await client.AnswerAsync(first, """{"roots":[]}""");

        (await stream.NextAsync()).GetRawText().ShouldContain("roots");
    }

    [Fact]
    public async Task A_question_that_the_call_outlives_is_taken_back()
    {
        await using var host = await TalkHost.StartAsync(isTargetModern: false);
        host.Target.OnCall = static talk =>
        {
            _ = talk.AskAsync("elicitation/create", new JsonObject { ["message"] = "Name?" });
            return Task.FromResult(ConversingTarget.Text("done without"));
        };
        var client = await OlderClient.StartAsync(host.Http, host.Token());

        using var stream = await client.CallAsync();
        var asked = await stream.NextAsync("elicitation/create");

        var taken = await stream.NextAsync("notifications/cancelled");
        taken.GetProperty("params").GetProperty("requestId").GetString().ShouldBe(asked.GetProperty("id").GetString());
        (await stream.NextAsync()).GetRawText().ShouldContain("done without");
    }

    [Fact]
    public async Task Only_the_session_that_was_asked_can_answer()
    {
        await using var host = await TalkHost.StartAsync(isTargetModern: false);
        host.Target.OnCall = static async talk =>
            ConversingTarget.Text((await talk.AskAsync("roots/list", []))["result"]);
        var asked = await OlderClient.StartAsync(host.Http, host.Token());
        var otherSession = await OlderClient.StartAsync(host.Http, host.Token());
        var otherPerson = await OlderClient.StartAsync(host.Http, host.Token("user-2"));

        using var stream = await asked.CallAsync();
        var question = await stream.NextAsync("roots/list");
        (await otherSession.AnswerAsync(question, """{"roots":["forged"]}""")).Reason.ShouldBe("unknown_question");
        (await otherPerson.AnswerAsync(question, """{"roots":["forged"]}""")).Reason.ShouldBe("unknown_question");
        (await asked.SendAsync("""{"jsonrpc":"2.0","id":"invented","result":{}}""")).Reason.ShouldBe(
            "unknown_question"
        );
        (await host.Http.SendAsync("/mcp", """{"jsonrpc":"2.0","id":"1","result":{}}""", host.Token())).Status.ShouldBe(
            HttpStatusCode.BadRequest
        );
        (await asked.AnswerAsync(question, """{"roots":["honest"]}""")).Status.ShouldBe(HttpStatusCode.Accepted);

        (await stream.NextAsync()).GetRawText().ShouldContain("honest");
    }

    [Fact]
    public async Task A_client_that_cancels_ends_its_own_call_and_no_other()
    {
        await using var host = await TalkHost.StartAsync(isTargetModern: false);
        var started = new SemaphoreSlim(0);
        var go = new TaskCompletionSource();
        host.Target.OnCall = async talk =>
        {
            started.Release();
            await go.Task.WaitAsync(talk.Cancel);
            return ConversingTarget.Text("finished");
        };
        var first = await OlderClient.StartAsync(host.Http, host.Token());
        var second = await OlderClient.StartAsync(host.Http, host.Token("user-2"));

        using var cancelled = await first.CallAsync();
        using var other = await second.CallAsync();
        await started.WaitAsync(TestContext.Current.CancellationToken);
        await started.WaitAsync(TestContext.Current.CancellationToken);
        await first.SendAsync(
            """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7,"reason":"enough"}}"""
        );
        (await cancelled.NextAsync())
            .GetProperty("error")
            .GetProperty("message")
            .GetString()!
            .ShouldContain("cancelled");
        await Eventually.HoldsAsync(() => host.Target.Cancelled == 1);
        go.SetResult();

        (await other.NextAsync()).GetRawText().ShouldContain("finished");
        host.Target.Cancelled.ShouldBe(1);
    }

    [Fact]
    public async Task A_client_that_leaves_ends_its_own_call_at_the_target()
    {
        await using var host = await TalkHost.StartAsync(isTargetModern: false);
        var started = new SemaphoreSlim(0);
        host.Target.OnCall = async talk =>
        {
            started.Release();
            await Task.Delay(Timeout.Infinite, talk.Cancel);
            return [];
        };
        var client = await OlderClient.StartAsync(host.Http, host.Token());

        var stream = await client.CallAsync();
        await started.WaitAsync(TestContext.Current.CancellationToken);
        stream.Dispose();

        await Eventually.HoldsAsync(() => host.Target.Cancelled == 1);
    }

    [Fact]
    public async Task Log_messages_arrive_from_the_level_on_that_the_client_set()
    {
        await using var host = await TalkHost.StartAsync(isTargetModern: false);
        host.Target.OnCall = static async talk =>
        {
            foreach (var level in new[] { "debug", "info", "error" })
            {
                await talk.NotifyAsync("notifications/message", new JsonObject { ["level"] = level, ["data"] = level });
            }

            return ConversingTarget.Text("done");
        };
        var client = await OlderClient.StartAsync(host.Http, host.Token());

        using var unset = await client.CallAsync();
        (await unset.NextAsync("notifications/message")).GetRawText().ShouldContain("info");
        (await unset.NextAsync("notifications/message")).GetRawText().ShouldContain("error");
        await unset.NextAsync();
        await client.SendAsync("""{"jsonrpc":"2.0","id":8,"method":"logging/setLevel","params":{"level":"debug"}}""");
        using var set = await client.CallAsync();
        (await set.NextAsync("notifications/message")).GetRawText().ShouldContain("debug");

        host.Target.Requests.Select(static request => request.Text)
            .Where(static text => text.Contains("logging/setLevel", StringComparison.Ordinal))
            .Last()
            .ShouldContain("debug");
    }
}
