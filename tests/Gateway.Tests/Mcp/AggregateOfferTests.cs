using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Outbound;
using AspireGateway.TestKit.Targets;

namespace AspireGateway.Gateway.Tests.Mcp;

/// <summary>Prompts, resources, templates and completions of the aggregate endpoint, over two targets.</summary>
public sealed class AggregateOfferTests
{
    [Fact]
    public async Task Prompts_resources_and_templates_of_all_targets_are_listed_in_order_with_every_member_that_they_gave()
    {
        await using var offers = await TwoOffers.StartAsync();

        var prompts = (await offers.SendAsync("prompts/list")).GetProperty("prompts");
        var resources = (await offers.SendAsync("resources/list")).GetProperty("resources");
        var templates = (await offers.SendAsync("resources/templates/list")).GetProperty("resourceTemplates");

        prompts
            .EnumerateArray()
            .Select(static item => item.GetProperty("name").GetString())
            .ShouldBe(["maps___maps_advice", "weather___weather_advice"]);
        resources
            .EnumerateArray()
            .Select(static item => item.GetProperty("uri").GetString())
            .ShouldBe(["maps+maps://cities", "weather+weather://cities"]);
        templates
            .EnumerateArray()
            .Select(static item => item.GetProperty("uriTemplate").GetString())
            .ShouldBe(["maps+maps://cities/{city}", "weather+weather://cities/{city}"]);
        prompts[0].GetProperty("x-unknown").GetProperty("kept").GetBoolean().ShouldBeTrue();
        resources[0].GetProperty("x-unknown").GetProperty("kept").GetBoolean().ShouldBeTrue();
        resources[0].GetProperty("name").GetString().ShouldBe("cities");
        offers.Host.Target.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_prompt_comes_from_its_target_and_what_is_embedded_in_it_can_be_read_at_the_gateway()
    {
        await using var offers = await TwoOffers.StartAsync();

        var prompt = await offers.SendAsync("prompts/get", """{"name":"weather___weather_advice"}""");

        var embedded = prompt.GetProperty("messages")[0].GetProperty("content").GetProperty("resource");
        embedded.GetProperty("text").GetString().ShouldBe("for weather_advice");
        var uri = embedded.GetProperty("uri").GetString();
        uri.ShouldBe("weather+weather://cities");
        var content = (await offers.SendAsync("resources/read", $$"""{"uri":"{{uri}}"}""")).GetProperty("contents")[0];
        content.GetProperty("uri").GetString().ShouldBe(uri);
        content.GetProperty("text").GetString().ShouldBe("of weather");
        content.GetProperty("x-unknown").GetProperty("kept").GetRawText().ShouldBe("1.50");
        offers.Host.Target.Calls("resources/read").ShouldHaveSingleItem().Text.ShouldContain("\"weather://cities\"");
        offers.Other.Calls("resources/read").ShouldBeEmpty();
        var record = offers.Host.Audit()[^1];
        record.GetProperty("method").GetString().ShouldBe("resources/read");
        record.GetProperty("target").GetString().ShouldBe("weather");
        record.GetProperty("name").GetString().ShouldBe("weather://cities");
    }

    [Fact]
    public async Task An_expanded_template_can_be_read_though_no_list_has_it()
    {
        await using var offers = await TwoOffers.StartAsync();

        var content = (
            await offers.SendAsync("resources/read", """{"uri":"maps+maps://cities/Lisbon%20Sul"}""")
        ).GetProperty("contents")[0];

        content.GetProperty("uri").GetString().ShouldBe("maps+maps://cities/Lisbon%20Sul");
        content.GetProperty("text").GetString().ShouldBe("of maps");
    }

    [Fact]
    public async Task Links_and_resources_in_the_result_of_a_tool_can_be_read_at_the_gateway()
    {
        await using var offers = await TwoOffers.StartAsync();
        offers.Host.Target.Override = async (context, request) =>
        {
            if (!request.Text.Contains("tools/call", StringComparison.Ordinal))
            {
                return false;
            }

            var id = System.Text.Json.Nodes.JsonNode.Parse(request.Text)!["id"]!;
            var result = new System.Text.Json.Nodes.JsonObject
            {
                ["resultType"] = "complete",
                ["content"] = offers.Host.Target.Offer!.Blocks(),
            };
            await FakeTarget.WriteAsync(context, id, result);
            return true;
        };

        var content = (await offers.SendAsync("tools/call", """{"name":"weather___echo"}""")).GetProperty("content");

        content[0].GetProperty("uri").GetString().ShouldBe("weather+weather://cities");
        content[1].GetProperty("resource").GetProperty("uri").GetString().ShouldBe("weather+weather://cities");
        content[2].GetProperty("text").GetString().ShouldBe("weather://cities");
    }

    [Theory]
    [InlineData("""{"type":"ref/prompt","name":"maps___maps_advice"}""", "maps_advice")]
    [InlineData("""{"type":"ref/resource","uri":"maps+maps://cities/{city}"}""", "maps://cities/{city}")]
    public async Task A_completion_asks_the_target_of_its_reference(string reference, string own)
    {
        await using var offers = await TwoOffers.StartAsync();

        var result = await offers.SendAsync(
            "completion/complete",
            $$$"""{"ref":{{{reference}}},"argument":{"name":"city","value":"L"}}"""
        );

        result.GetProperty("completion").GetProperty("values")[0].GetString().ShouldBe(own);
        offers.Host.Target.Calls("completion/complete").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("prompts/get", """{"name":"weather_advice"}""", "unknown_prompt")]
    [InlineData("prompts/get", """{"name":"nowhere___advice"}""", "unknown_prompt")]
    [InlineData("resources/read", """{"uri":"weather://cities"}""", "unknown_resource")]
    [InlineData("resources/read", """{"uri":"nowhere+weather://cities"}""", "unknown_resource")]
    [InlineData("resources/read", """{"uri":"weather+"}""", "unknown_resource")]
    [InlineData("completion/complete", """{"ref":{"type":"ref/prompt","name":"x"}}""", "unknown_prompt")]
    [InlineData("completion/complete", """{"ref":{"type":"ref/tool","name":"weather___echo"}}""", "invalid_reference")]
    [InlineData("completion/complete", """{"ref":"weather___echo"}""", "invalid_reference")]
    public async Task What_names_no_target_is_refused_and_nothing_is_asked(
        string method,
        string parameters,
        string reason
    )
    {
        await using var offers = await TwoOffers.StartAsync();

        var answer = await offers.AnswerAsync(method, parameters);

        answer.Error.GetProperty("code").GetInt32().ShouldBe(-32602);
        answer.Reason.ShouldBe(reason);
        offers.Host.Target.Requests.ShouldBeEmpty();
        offers.Other.Requests.ShouldBeEmpty();
        offers.Host.Audit().ShouldHaveSingleItem().GetProperty("decision").GetString().ShouldBe("refused");
    }

    [Fact]
    public async Task A_target_that_is_down_keeps_its_prompts_and_resources_listed_and_only_asking_for_them_fails()
    {
        await using var offers = await TwoOffers.StartAsync();
        await offers.Host.Target.StopAsync();

        (await offers.SendAsync("prompts/list")).GetProperty("prompts").GetArrayLength().ShouldBe(2);
        (await offers.SendAsync("resources/list")).GetProperty("resources").GetArrayLength().ShouldBe(2);
        var failed = await offers.AnswerAsync("resources/read", """{"uri":"weather+weather://cities"}""");
        var other = await offers.SendAsync("resources/read", """{"uri":"maps+maps://cities"}""");

        failed.Error.GetProperty("code").GetInt32().ShouldBe(-32002);
        other.GetProperty("contents").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_target_without_prompts_and_resources_is_no_failure()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();

        var answer = await client.SendAsync(
            "/mcp",
            """{"jsonrpc":"2.0","id":7,"method":"prompts/list"}""",
            host.Token()
        );

        answer.Result.GetProperty("prompts").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    public async Task The_handshake_declares_what_the_targets_can_do_in_each_older_revision(string revision)
    {
        await using var offers = await TwoOffers.StartAsync(otherOffers: false);

        var result = await offers.SendAsync(
            "initialize",
            $$$"""{"protocolVersion":"{{{revision}}}","capabilities":{},"clientInfo":{"name":"test","version":"1"}}""",
            revision
        );

        result.GetProperty("protocolVersion").GetString().ShouldBe(revision);
        result.GetProperty("serverInfo").GetProperty("name").GetString().ShouldBe("AspireGateway");
        var capabilities = result.GetProperty("capabilities");
        foreach (var capability in new[] { "tools", "prompts", "resources", "completions" })
        {
            capabilities.TryGetProperty(capability, out _).ShouldBeTrue(capability);
        }

        result.GetProperty("instructions").GetString()!.ShouldContain("weather: Use weather with care.");
    }

    [Fact]
    public async Task Discovery_declares_what_the_targets_can_do_and_no_more()
    {
        await using var offers = await TwoOffers.StartAsync(otherOffers: false);
        await using var without = await GatewayHost.StartAsync();
        using var client = await without.CreateReadyClientAsync();
        using var request = Modern.Send("/mcp", "server/discover", [], without.Token());

        var result = (await offers.ModernAsync("server/discover")).Result;
        var less = (await client.ReadAsync(request)).Result;

        result.GetProperty("supportedVersions")[0].GetString().ShouldBe("2026-07-28");
        result.GetProperty("capabilities").TryGetProperty("completions", out _).ShouldBeTrue();
        result.GetProperty("capabilities").TryGetProperty("prompts", out _).ShouldBeTrue();
        less.GetProperty("capabilities").TryGetProperty("tools", out _).ShouldBeTrue();
        less.GetProperty("capabilities").TryGetProperty("prompts", out _).ShouldBeFalse();
        less.GetProperty("capabilities").TryGetProperty("resources", out _).ShouldBeFalse();
    }
}
