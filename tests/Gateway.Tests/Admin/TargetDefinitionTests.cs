using System.Net;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit;
using AspireGateway.TestKit.Targets;

namespace AspireGateway.Gateway.Tests.Admin;

/// <summary>Targets that come, change and go while the gateway runs.</summary>
public sealed class TargetDefinitionTests
{
    [Fact]
    public async Task A_new_target_is_listed_and_called_on_both_endpoints_and_a_deleted_one_is_neither()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        await using var more = await FakeTarget.StartNewAsync();

        var created = await host.AdminAsync(HttpMethod.Post, "/targets", AdminCalls.Definition("more", more.Url));
        await host.UntilAsync("more", "READY");

        created.Status.ShouldBe(HttpStatusCode.Created);
        created.Headers.Location!.OriginalString.ShouldBe("/admin/targets/more");
        (await ListAsync(client, host)).ShouldBe(["more___echo", "weather___echo"]);
        (await client.SendAsync("/mcp", McpRequests.CallTool("more___echo"), host.Token())).Text.ShouldContain("hi");
        (await client.SendAsync("/mcp/more", McpRequests.CallTool("echo"), host.Token())).Text.ShouldContain("hi");
        more.Calls().Count().ShouldBe(2);
        (await client.GetAsync("/.well-known/oauth-protected-resource/mcp/more", Cancel)).StatusCode.ShouldBe(
            HttpStatusCode.OK
        );

        var deleted = await host.AdminAsync(HttpMethod.Delete, "/targets/more");

        deleted.Status.ShouldBe(HttpStatusCode.OK);
        (await ListAsync(client, host)).ShouldBe(["weather___echo"]);
        (await client.SendAsync("/mcp", McpRequests.CallTool("more___echo"), host.Token())).Reason.ShouldBe(
            "unknown_tool"
        );
        var gone = await client.SendAsync("/mcp/more", McpRequests.CallTool("echo"), host.Token());
        gone.Status.ShouldBe(HttpStatusCode.NotFound);
        gone.Text.ShouldContain("Known targets: weather.");
        more.Calls().Count().ShouldBe(2);
        host.Audit()
            .Where(static line => line.GetProperty("method").GetString()!.EndsWith("target", StringComparison.Ordinal))
            .Select(static line =>
                $"{line.GetProperty("decision")} {line.GetProperty("method")} {line.GetProperty("target")} {line.GetProperty("user")}"
            )
            .ShouldBe(["allowed create_target more corp:carol", "allowed delete_target more corp:carol"]);
    }

    [Fact]
    public async Task An_edited_target_is_called_at_its_new_url_and_shows_its_own_tools_only()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        await using var first = await FakeTarget.StartNewAsync();
        await using var second = await FakeTarget.StartNewAsync();
        second.Override = static (context, request) => RenameAsync(context, request, "shout");
        await host.AdminAsync(HttpMethod.Post, "/targets/more", AdminCalls.Definition("more", first.Url));
        await host.UntilAsync("more", "READY");

        var edited = await host.AdminAsync(HttpMethod.Put, "/targets/more", AdminCalls.Definition("more", second.Url));
        await host.UntilAsync("more", "READY");

        edited.Status.ShouldBe(HttpStatusCode.OK);
        (await ListAsync(client, host)).ShouldBe(["more___shout", "weather___echo"]);
        var before = first.Requests.Count;
        await client.SendAsync("/mcp", McpRequests.CallTool("more___shout"), host.Token());
        await client.SendAsync("/mcp/more", McpRequests.CallTool("shout"), host.Token());
        second.Calls().Count().ShouldBe(2);
        first.Requests.Count.ShouldBe(before);
    }

    [Fact]
    public async Task An_edit_that_leaves_the_server_alone_does_not_empty_the_list()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var more = await FakeTarget.StartNewAsync();
        await host.AdminAsync(HttpMethod.Post, "/targets", AdminCalls.Definition("more", more.Url));
        await host.UntilAsync("more", "READY");
        await more.DisposeAsync();

        await host.AdminAsync(
            HttpMethod.Put,
            "/targets/more",
            AdminCalls.Definition("more", more.Url, ""","timeout":"00:00:05" """)
        );
        await host.UntilAsync("more", "FAILED");

        (await ListAsync(client, host)).ShouldBe(["more___echo", "weather___echo"]);
        (await host.AdminAsync(HttpMethod.Get, "/targets/more")).Json["reason"]!.GetValue<string>().ShouldNotBeEmpty();
        host.Logs.Text.ShouldContain("Target more is FAILED");
    }

    [Fact]
    public async Task What_the_configuration_defines_is_shown_and_not_changed()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.CreateReadyClientAsync();

        var read = await host.AdminAsync(HttpMethod.Get, "/targets/weather");
        read.Json["source"]!.GetValue<string>().ShouldBe("configuration");
        read.Json["state"]!.GetValue<string>().ShouldBe("READY");
        read.Json["toolCount"]!.GetValue<int>().ShouldBe(1);
        read.Json["definition"]!["url"]!.GetValue<string>().ShouldBe(host.Target.Url);
        foreach (var method in (HttpMethod[])[HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete])
        {
            var refused = await host.AdminAsync(
                method,
                "/targets/weather",
                AdminCalls.Definition("weather", host.Target.Url)
            );

            refused.Status.ShouldBe(HttpStatusCode.Conflict);
            refused.Reason.ShouldBe("defined_in_configuration");
            refused.Text.ShouldContain("Gateway:Targets:weather");
        }

        host.Audit()
            .Select(static line => line.GetProperty("reason").GetString())
            .ShouldBe(Enumerable.Repeat("defined_in_configuration", 3));
    }

    [Fact]
    public async Task A_name_is_given_once_and_only_what_exists_is_replaced()
    {
        await using var host = await GatewayHost.StartAsync();
        var definition = AdminCalls.Definition("more", host.Target.Url);

        (await host.AdminAsync(HttpMethod.Put, "/targets/more", definition)).Reason.ShouldBe("unknown_target");
        (await host.AdminAsync(HttpMethod.Delete, "/targets/more")).Reason.ShouldBe("unknown_target");
        (await host.AdminAsync(HttpMethod.Get, "/targets/more")).Reason.ShouldBe("unknown_target");
        (await host.AdminAsync(HttpMethod.Post, "/targets", definition)).Status.ShouldBe(HttpStatusCode.Created);
        (await host.AdminAsync(HttpMethod.Post, "/targets", definition)).Reason.ShouldBe("target_exists");
        (await host.AdminAsync(HttpMethod.Put, "/targets/more", definition)).Status.ShouldBe(HttpStatusCode.OK);
        (await host.AdminAsync(HttpMethod.Put, "/targets/other", definition)).Reason.ShouldBe("unknown_target");
    }

    [Fact]
    public async Task A_change_of_something_that_was_changed_since_is_refused()
    {
        await using var host = await GatewayHost.StartAsync();
        var definition = AdminCalls.Definition("more", host.Target.Url);
        var first = (await host.AdminAsync(HttpMethod.Post, "/targets", definition)).ETag;
        var second = (await host.AdminAsync(HttpMethod.Put, "/targets/more", definition, first)).ETag;

        var lost = await host.AdminAsync(HttpMethod.Put, "/targets/more", definition, first);
        lost.Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await host.AdminAsync(HttpMethod.Delete, "/targets/more", ifMatch: first)).Reason.ShouldBe("version_changed");
        (await host.AdminAsync(HttpMethod.Get, "/targets/more")).ETag.ShouldBe(second);
        (await host.AdminAsync(HttpMethod.Delete, "/targets/more", ifMatch: second)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_answer_can_be_edited_and_sent_back()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.AdminAsync(HttpMethod.Post, "/targets", AdminCalls.Definition("more", host.Target.Url));
        var read = await host.AdminAsync(HttpMethod.Get, "/targets/more");
        var definition = read.Json["definition"]!;
        definition["timeout"] = "00:00:30";

        var edited = await host.AdminAsync(HttpMethod.Put, "/targets/more", definition.ToJsonString(), read.ETag);

        edited.Json["target"]!["definition"]!.ToJsonString().ShouldBe(definition.ToJsonString());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<string[]> ListAsync(HttpClient client, GatewayHost host) =>
        [
            .. (await client.SendAsync("/mcp", McpRequests.ListTools, host.Token()))
                .Result.GetProperty("tools")
                .EnumerateArray()
                .Select(static tool => tool.GetProperty("name").GetString()!),
        ];

    internal static async Task<bool> RenameAsync(
        Microsoft.AspNetCore.Http.HttpContext context,
        RecordedRequest request,
        string tool
    )
    {
        if (!request.Text.Contains("\"tools/list\"", StringComparison.Ordinal))
        {
            return false;
        }

        var result = new JsonObject
        {
            ["resultType"] = "complete",
            ["tools"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = tool,
                    ["inputSchema"] = new JsonObject { ["type"] = "object" },
                }
            ),
        };
        await FakeTarget.WriteAsync(context, JsonNode.Parse(request.Body)!["id"]!, result);
        return true;
    }
}
