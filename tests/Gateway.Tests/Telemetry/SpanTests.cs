using System.Diagnostics;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Tests.Hosting;

namespace AspireGateway.Gateway.Tests.Telemetry;

/// <summary>What a call leaves behind as spans, how they hang together, and who decides whether they are recorded.</summary>
[Collection(nameof(SpanListeners))]
public sealed class SpanTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task A_call_tells_who_decided_what_and_which_target_was_asked()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        using var spans = new RecordedSpans();

        await client.SendAsync("/mcp/weather", McpRequests.CallTool("echo"), host.Token());

        var authenticate = spans.Single(Spans.Authenticate);
        authenticate.GetTagItem(Tags.Outcome).ShouldBe("accepted");
        authenticate.GetTagItem(Tags.CacheHit).ShouldBe(false);
        var policy = spans.Single(Spans.PolicyAuthorize);
        policy.GetTagItem(Tags.Decision).ShouldBe("allow");
        policy.GetTagItem(Tags.Rule).ShouldBe("none");
        policy.GetTagItem(Tags.Mode).ShouldBe("enforce");
        var call = spans.Single(Spans.TargetCall);
        call.Kind.ShouldBe(ActivityKind.Client);
        call.GetTagItem(Tags.Target).ShouldBe("weather");
        call.GetTagItem(Tags.Tool).ShouldBe("echo");
        call.GetTagItem(Tags.McpMethod).ShouldBe("tools/call");
        call.GetTagItem(Tags.McpProtocolVersion).ShouldBe("2025-11-25");
        call.GetTagItem(Tags.RequestId).ShouldBe("7");
        call.GetTagItem(Tags.CredentialKind).ShouldBe("none");
        spans.All.Select(static span => span.TraceId).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_person_is_a_salted_hash_and_the_same_one_in_each_trace()
    {
        await using var host = await GatewayHost.StartAsync(
            settings: ("Gateway:Telemetry:UserSalt", "a salt of sixteen or more")
        );
        using var client = await host.CreateReadyClientAsync();
        using var spans = new RecordedSpans();

        await client.SendAsync("/mcp", McpRequests.ListTools, host.Token());
        await client.SendAsync("/mcp", McpRequests.ListTools, host.Token());

        var people = spans
            .All.Where(static span => span.OperationName == Spans.Authenticate)
            .Select(static span => span.GetTagItem(Tags.User) as string)
            .ToList();
        people.Count.ShouldBe(2);
        people.Distinct().ShouldHaveSingleItem()!.ShouldMatch("^[0-9a-f]{16}$");
        spans
            .All.SelectMany(static span => span.TagObjects)
            .ShouldAllBe(static tag => !$"{tag.Value}".Contains("user-1"));
    }

    [Fact]
    public async Task Another_salt_makes_another_hash()
    {
        List<object?> people = [];
        foreach (var salt in (string[])["the first salt of all", "the second salt of all"])
        {
            await using var host = await GatewayHost.StartAsync(settings: ("Gateway:Telemetry:UserSalt", salt));
            using var client = await host.CreateReadyClientAsync();
            using var spans = new RecordedSpans();
            await client.SendAsync("/mcp", McpRequests.ListTools, host.Token());
            people.Add(spans.Single(Spans.Authenticate).GetTagItem(Tags.User));
        }

        people[0].ShouldNotBe(people[1]);
    }

    [Fact]
    public async Task A_refusal_has_its_stable_code_on_the_span()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        using var spans = new RecordedSpans();

        var answer = await client.SendAsync(
            "/mcp",
            McpRequests.ListTools,
            host.Token(static (_, payload) => payload["aud"] = "somebody-else")
        );

        answer.Reason.ShouldBe("wrong_audience");
        spans.Single(Spans.Authenticate).GetTagItem(Tags.Outcome).ShouldBe("refused");
        spans.Single(Spans.Authenticate).GetTagItem(Tags.Reason).ShouldBe("wrong_audience");
        spans.Single(Spans.Challenge).GetTagItem(Tags.Reason).ShouldBe("wrong_audience");
        spans.Single(Spans.Challenge).Status.ShouldBe(ActivityStatusCode.Error);
    }

    [Theory]
    [InlineData("01", true)]
    [InlineData("00", false)]
    public async Task The_caller_decides_whether_its_trace_is_recorded(string flags, bool recorded)
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        using var spans = new RecordedSpans();
        using var request = McpRequests.Post("/mcp/weather", McpRequests.CallTool("echo"), host.Token());
        request.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-{flags}");

        await client.ReadAsync(request);

        spans.All.Any(static span => span.TraceId.ToHexString() == Trace).ShouldBe(recorded);
        host.Target.Requests.ShouldAllBe(sent => sent.Headers["traceparent"].ToString().StartsWith($"00-{Trace}-"));
        host.Target.Requests.ShouldAllBe(sent => sent.Headers["traceparent"].ToString().EndsWith(flags));
    }
}
