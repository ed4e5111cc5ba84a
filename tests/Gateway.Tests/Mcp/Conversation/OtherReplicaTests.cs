using System.Net;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Mcp.Aggregate.Conversation;
using AspireGateway.Gateway.Tests.Admin;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit.Targets;
using Microsoft.Extensions.DependencyInjection;

namespace AspireGateway.Gateway.Tests.Mcp.Conversation;

/// <summary>Answers, cancellations and subscriptions that arrive at another replica than the call or stream that they are about.</summary>
public sealed class OtherReplicaTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-talk-").FullName;
    private ConversingTarget _target = null!;
    private GatewayHost _first = null!;
    private GatewayHost _second = null!;
    private HttpClient _here = null!;
    private HttpClient _there = null!;

    private ParkedCalls Parked => _first.Services.GetRequiredService<ParkedCalls>();

    public async ValueTask InitializeAsync()
    {
        _target = await ConversingTarget.StartNewAsync(isModern: false);
        (string, string?)[] settings = [("Gateway:Targets:talk:Url", _target.Url)];
        _first = await GatewayHost.StartAsync(settings: [("Gateway:Vault:DataPath", _folder), .. settings]);
        _second = await ReplicaTests.SecondAsync(_first, _folder, settings);
        _here = await _first.CreateReadyClientAsync();
        _there = await _second.CreateReadyClientAsync();
    }

    [Fact]
    public async Task An_older_client_answers_at_another_replica()
    {
        _target.OnCall = static async talk => ConversingTarget.Text((await talk.AskAsync("roots/list", []))["result"]);
        var client = await OlderClient.StartAsync(_here, _first.Token());
        var elsewhere = new OlderClient(_there, _first.Token(), client.Session);

        using var stream = await client.CallAsync();
        var asked = await stream.NextAsync("roots/list");
        (await elsewhere.AnswerAsync(asked, """{"roots":["from elsewhere"]}""")).Status.ShouldBe(
            HttpStatusCode.Accepted
        );

        (await stream.NextAsync()).GetRawText().ShouldContain("from elsewhere");
    }

    [Fact]
    public async Task An_older_client_cancels_at_another_replica()
    {
        var started = new SemaphoreSlim(0);
        _target.OnCall = async talk =>
        {
            started.Release();
            await Task.Delay(Timeout.Infinite, talk.Cancel);
            return [];
        };
        var client = await OlderClient.StartAsync(_here, _first.Token());
        var elsewhere = new OlderClient(_there, _first.Token(), client.Session);

        using var stream = await client.CallAsync();
        await started.WaitAsync(TestContext.Current.CancellationToken);
        await elsewhere.SendAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""");

        (await stream.NextAsync()).GetProperty("error").GetProperty("message").GetString()!.ShouldContain("cancelled");
    }

    [Fact]
    public async Task A_newer_client_repeats_its_call_at_another_replica_while_the_target_waits_at_the_first()
    {
        var calls = 0;
        _target.OnCall = async talk =>
        {
            calls++;
            var first = await talk.AskAsync("roots/list", []);
            var second = await talk.AskAsync("elicitation/create", new JsonObject { ["message"] = "Sure?" });
            return ConversingTarget.Text(new JsonArray(first["result"]!.DeepClone(), second["result"]!.DeepClone()));
        };
        var here = new NewerClient(_here, _first.Token());
        var there = new NewerClient(_there, _first.Token());

        var first = (await here.CallAsync()).Result;
        var second = (await there.AnswerAsync(first, """{"request":{"roots":[]}}""")).Result;
        second
            .GetProperty("inputRequests")
            .GetProperty("request")
            .GetProperty("method")
            .GetString()
            .ShouldBe("elicitation/create");
        var answer = (await there.AnswerAsync(second, """{"request":{"action":"accept"}}""")).Result;

        answer
            .GetProperty("content")[0]
            .GetProperty("text")
            .GetString()
            .ShouldBe("""[{"roots":[]},{"action":"accept"}]""");
        calls.ShouldBe(1);
    }

    [Fact]
    public async Task A_call_that_no_replica_has_any_more_is_told_to_be_called_again()
    {
        _target.OnCall = static async talk => ConversingTarget.Text((await talk.AskAsync("roots/list", []))["result"]);
        var asked = (await new NewerClient(_here, _first.Token()).CallAsync()).Result;
        foreach (var id in Parked.Ids.ToList())
        {
            Parked.Take(id);
        }

        var answer = await new NewerClient(_there, _first.Token()).AnswerAsync(asked, """{"request":{"roots":[]}}""");

        answer.Error.GetProperty("message").GetString()!.ShouldContain("Call again");
    }

    [Fact]
    public async Task What_is_subscribed_at_another_replica_is_followed_by_the_one_with_the_stream()
    {
        var client = await OlderClient.StartAsync(_here, _first.Token());
        var elsewhere = new OlderClient(_there, _first.Token(), client.Session);
        using var session = await client.ListenAsync();

        await elsewhere.SendAsync(
            """{"jsonrpc":"2.0","id":9,"method":"resources/subscribe","params":{"uri":"talk+file:///notes"}}"""
        );

        await Eventually.HoldsAsync(() =>
            _target.Requests.Any(static request =>
                request.Text.Contains("resources/subscribe", StringComparison.Ordinal)
            )
        );
    }

    public async ValueTask DisposeAsync()
    {
        _here.Dispose();
        _there.Dispose();
        await _second.DisposeAsync();
        await _first.DisposeAsync();
        await _target.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
