using System.Net;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Outbound;
using AspireGateway.TestKit.Targets;

namespace AspireGateway.Gateway.Tests.Mcp.Conversation;

/// <summary>How the aggregate endpoint answers over HTTP.</summary>
public sealed class ResponseTests
{
    private const string Json = "application/json";
    private const string Events = "text/event-stream";

    [Fact]
    public async Task An_answer_that_is_there_soon_is_json()
    {
        await using var host = await TalkHost.StartQuickAsync(isTargetModern: true);

        var newer = await new NewerClient(host.Http, host.Token()).CallAsync();
        var older = await host.Http.SendAsync("/mcp", McpRequests.CallTool("talk___talk"), host.Token());

        newer.MediaType.ShouldBe(Json);
        newer.Result.GetProperty("resultType").GetString().ShouldBe("complete");
        older.MediaType.ShouldBe(Json);
        older.Result.TryGetProperty("resultType", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_response_to_a_long_call_begins_before_its_answer_is_there(bool isModern)
    {
        await using var host = await TalkHost.StartAsync(isTargetModern: true);
        var release = new TaskCompletionSource();
        host.Target.OnCall = async talk =>
        {
            await release.Task.WaitAsync(talk.Cancel);
            return ConversingTarget.Text("done");
        };
        using var request = isModern
            ? Modern.Call("/mcp", "talk___talk", "{}", host.Token())
            : McpRequests.Post("/mcp", McpRequests.CallTool("talk___talk"), host.Token());

        using var response = await host.Http.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        release.SetResult();

        response.Content.Headers.ContentType?.MediaType.ShouldBe(Events);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("done");
    }

    [Theory]
    [InlineData(-32601, HttpStatusCode.NotFound)]
    [InlineData(-32021, HttpStatusCode.BadRequest)]
    [InlineData(-32602, HttpStatusCode.OK)]
    [InlineData(-32050, HttpStatusCode.OK)]
    public async Task An_error_of_a_target_has_the_http_status_that_the_newer_revision_gives_it(
        int code,
        HttpStatusCode status
    )
    {
        await using var host = await TalkHost.StartQuickAsync(isTargetModern: true);
        host.Target.OnCall = _ =>
            Task.FromResult(
                new JsonObject
                {
                    ["code"] = code,
                    ["message"] = "No.",
                    ["data"] = new JsonObject { ["why"] = "unknown to the gateway" },
                }
            );

        var newer = await new NewerClient(host.Http, host.Token()).CallAsync();
        var older = await host.Http.SendAsync("/mcp", McpRequests.CallTool("talk___talk"), host.Token());

        newer.Status.ShouldBe(status);
        newer.Error.GetProperty("code").GetInt32().ShouldBe(code);
        newer.Error.GetProperty("data").GetProperty("why").GetString().ShouldBe("unknown to the gateway");
        older.Status.ShouldBe(HttpStatusCode.OK);
        older.Error.GetProperty("code").GetInt32().ShouldBe(code);
    }

    [Fact]
    public async Task Every_revision_that_is_offered_is_answered_by_the_gateway_itself()
    {
        await using var host = await TalkHost.StartQuickAsync(isTargetModern: true);
        using var discover = Modern.Send("/mcp", "server/discover", [], host.Token());
        var offered = (await host.Http.ReadAsync(discover)).Result.GetProperty("supportedVersions");
        var revisions = offered.EnumerateArray().Select(static revision => revision.GetString()!).ToList();
        revisions.ShouldContain(Modern.Version);

        foreach (var revision in revisions)
        {
            using var request =
                revision == Modern.Version
                    ? Modern.Send("/mcp", "tools/list", [], host.Token())
                    : McpRequests.Post("/mcp", McpRequests.ListTools, host.Token());
            SetRevision(request, revision);

            var answer = await host.Http.ReadAsync(request);

            // The SDK answers with an event stream, and has no tools.
            answer.MediaType.ShouldBe(Json, revision);
            answer.Text.ShouldContain("talk___talk", customMessage: revision);
        }
    }

    [Fact]
    public async Task A_request_that_lacks_what_its_revision_demands_is_refused_and_goes_nowhere()
    {
        await using var host = await TalkHost.StartAsync(isTargetModern: true);
        host.Target.ClearRequests();

        (await RefusedAsync(static request => request.Headers.Remove("Accept"))).ShouldBe((406, -32000));
        (await RefusedAsync(static request => request.Headers.Remove("Mcp-Method"))).ShouldBe((400, -32020));
        (await RefusedAsync(static request => request.Headers.Remove("Mcp-Name"))).ShouldBe((400, -32020));
        (await RefusedAsync(static request => SetRevision(request, "2025-11-25"))).ShouldBe((400, -32020));
        (await RefusedAsync(static request => SetRevision(request, "2099-01-01"))).ShouldBe((400, -32020));
        (await RefusedAsync(static request => SetRevision(request, "2099-01-01"), ClaimLaterRevision)).ShouldBe(
            (400, -32022)
        );
        (await RefusedAsync(change: static it => it["_meta"]!.AsObject().Clear())).ShouldBe((400, -32602));

        host.Target.Requests.ShouldNotContain(static request =>
            request.Text.Contains("tools/call", StringComparison.Ordinal)
        );

        async Task<(int Status, int Code)> RefusedAsync(
            Action<HttpRequestMessage>? spoil = null,
            Action<JsonObject>? change = null
        )
        {
            using var request = Modern.Call("/mcp", "talk___talk", "{}", host.Token(), change);
            spoil?.Invoke(request);
            var answer = await host.Http.ReadAsync(request);
            return ((int)answer.Status, answer.Error.GetProperty("code").GetInt32());
        }
    }

    private static void ClaimLaterRevision(JsonObject parameters) =>
        parameters["_meta"]!["io.modelcontextprotocol/protocolVersion"] = "2099-01-01";

    private static void SetRevision(HttpRequestMessage request, string revision)
    {
        request.Headers.Remove("MCP-Protocol-Version");
        request.Headers.Add("MCP-Protocol-Version", revision);
    }
}
