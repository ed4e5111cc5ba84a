using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AspireGateway.SampleMcpServer.Tests;

/// <summary>Everything the weather sample offers, in both protocol eras.</summary>
public sealed class WeatherTests(SampleServerFixture server) : IClassFixture<SampleServerFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>2026-07-28 has no initialize and no sessions; the others start with initialize.</summary>
    public static TheoryData<string> Revisions => ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26"];

    [Theory, MemberData(nameof(Revisions))]
    public async Task Every_revision_is_negotiated_and_lists_the_same_tools(string revision)
    {
        await using var client = await server.ConnectAsync(revision, Cancel);

        client.NegotiatedProtocolVersion.ShouldBe(revision);
        client.ServerInfo.ShouldNotBeNull().Name.ShouldBe("weather");
        var tools = await client.ListToolsAsync(cancellationToken: Cancel);
        tools
            .Select(tool => tool.Name)
            .Order(StringComparer.Ordinal)
            .ShouldBe(["compare_cities", "get_forecast", "watch_storm"]);
        tools.ShouldAllBe(tool => tool.ProtocolTool.OutputSchema != null && tool.Description.Length > 20);
    }

    [Theory, MemberData(nameof(Revisions))]
    public async Task The_forecast_is_structured_and_always_the_same(string revision)
    {
        await using var client = await server.ConnectAsync(revision, Cancel);
        var arguments = Arguments(("city", "Berlin"), ("days", 2));

        var first = await client.CallToolAsync("get_forecast", arguments, cancellationToken: Cancel);
        var second = await client.CallToolAsync("get_forecast", arguments, cancellationToken: Cancel);

        first.IsError.ShouldNotBe(true);
        var forecast = first.StructuredContent.ShouldNotBeNull();
        forecast.GetProperty("city").GetString().ShouldBe("Berlin");
        forecast.GetProperty("days").GetArrayLength().ShouldBe(2);
        second.StructuredContent.ShouldNotBeNull().GetRawText().ShouldBe(forecast.GetRawText());
    }

    [Fact]
    public async Task The_forecast_of_today_never_changes_between_versions()
    {
        await using var client = await server.ConnectAsync(null, Cancel);

        var result = await client.CallToolAsync("get_forecast", Arguments(("city", "Oslo")), cancellationToken: Cancel);

        var today = result.StructuredContent.ShouldNotBeNull().GetProperty("days")[0];
        (today.GetProperty("celsius").GetInt32(), today.GetProperty("rainPercent").GetInt32()).ShouldBe((10, 68));
    }

    [Theory]
    [InlineData("Atlantis", 1, "Known cities: Amsterdam, Berlin")]
    [InlineData("Berlin", 0, "days must be between 1 and 7")]
    [InlineData("Berlin", 8, "days must be between 1 and 7")]
    public async Task A_wrong_argument_is_a_tool_error_that_says_what_to_do(string city, int days, string expected)
    {
        await using var client = await server.ConnectAsync(null, Cancel);

        var result = await client.CallToolAsync(
            "get_forecast",
            Arguments(("city", city), ("days", days)),
            cancellationToken: Cancel
        );

        result.IsError.ShouldBe(true);
        result.Content.OfType<TextContentBlock>().Single().Text.ShouldContain(expected);
    }

    [Fact]
    public async Task Cities_are_ranked_by_what_was_asked()
    {
        await using var client = await server.ConnectAsync(null, Cancel);

        var result = await client.CallToolAsync(
            "compare_cities",
            Arguments(("cities", new[] { "oslo", "Sao Paulo", "Mumbai" }), ("by", "temperature")),
            cancellationToken: Cancel
        );

        var comparison = result.StructuredContent.ShouldNotBeNull();
        comparison.GetProperty("by").GetString().ShouldBe("temperature");
        comparison
            .GetProperty("ranking")
            .EnumerateArray()
            .Select(entry => entry.GetProperty("city").GetString())
            .ShouldBe(["Mumbai", "São Paulo", "Oslo"]);
    }

    [Fact]
    public async Task A_single_city_cannot_be_compared()
    {
        await using var client = await server.ConnectAsync(null, Cancel);

        var result = await client.CallToolAsync(
            "compare_cities",
            Arguments(("cities", new[] { "Oslo", "OSLO" })),
            cancellationToken: Cancel
        );

        result.IsError.ShouldBe(true);
    }

    [Theory, MemberData(nameof(Revisions))]
    public async Task A_storm_that_is_watched_to_the_end_arrives(string revision)
    {
        await using var client = await server.ConnectAsync(revision, Cancel);

        var result = await client.CallToolAsync(
            "watch_storm",
            Arguments(("city", "Lisbon"), ("steps", 4), ("secondsPerStep", 0)),
            cancellationToken: Cancel
        );

        result.IsError.ShouldNotBe(true);
        var sightings = result.StructuredContent.ShouldNotBeNull().GetProperty("sightings");
        sightings.EnumerateArray().Select(s => s.GetProperty("distanceKm").GetInt32()).ShouldBe([300, 200, 100, 0]);
    }

    [Theory, MemberData(nameof(Revisions))]
    public async Task A_watched_storm_reports_progress_and_can_be_cancelled_on_the_server_too(string revision)
    {
        await using var client = await server.ConnectAsync(revision, Cancel);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var progress = new CollectedProgress();
        var call = client
            .CallToolAsync(
                "watch_storm",
                Arguments(("city", "Lisbon"), ("steps", 100), ("secondsPerStep", 60)),
                progress,
                cancellationToken: cancel.Token
            )
            .AsTask();
        var first = await progress.FirstAsync(Cancel);
        (first.Progress, first.Total).ShouldBe((1, 100));
        first.Message.ShouldNotBeNull().ShouldContain("km from Lisbon");

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => call);
        await server.ToolLog.WaitForAsync("watch_storm: cancelled", Cancel);
    }

    [Fact]
    public async Task The_prompt_names_the_city_and_the_tool()
    {
        await using var client = await server.ConnectAsync(null, Cancel);

        (await client.ListPromptsAsync(cancellationToken: Cancel)).Single().Name.ShouldBe("trip_advice");
        var prompt = await client.GetPromptAsync("trip_advice", Arguments(("city", "Oslo")), cancellationToken: Cancel);

        var text = prompt.Messages.Single().Content.ShouldBeOfType<TextContentBlock>().Text;
        text.ShouldContain("Oslo");
        text.ShouldContain("get_forecast");
    }

    [Fact]
    public async Task Resource_and_template_can_be_listed_and_read()
    {
        await using var client = await server.ConnectAsync(null, Cancel);

        (await client.ListResourcesAsync(cancellationToken: Cancel)).Single().Uri.ShouldBe("weather://cities");
        var templates = await client.ListResourceTemplatesAsync(cancellationToken: Cancel);
        templates.Single().UriTemplate.ShouldBe("weather://cities/{city}");
        var all = await client.ReadResourceAsync("weather://cities", cancellationToken: Cancel);
        var one = await client.ReadResourceAsync("weather://cities/S%C3%A3o%20Paulo", cancellationToken: Cancel);

        Json(all).GetArrayLength().ShouldBe(12);
        Json(one).GetProperty("country").GetString().ShouldBe("Brazil");
    }

    [Fact]
    public async Task An_unknown_city_is_no_resource()
    {
        await using var client = await server.ConnectAsync(null, Cancel);

        var failure = await Should.ThrowAsync<McpProtocolException>(async () =>
            await client.ReadResourceAsync("weather://cities/Atlantis", cancellationToken: Cancel)
        );

        failure.Message.ShouldContain("Atlantis");
    }

    private static Dictionary<string, object?> Arguments(params (string Name, object? Value)[] arguments) =>
        arguments.ToDictionary(argument => argument.Name, argument => argument.Value, StringComparer.Ordinal);

    private static JsonElement Json(ReadResourceResult result) =>
        JsonDocument.Parse(result.Contents.OfType<TextResourceContents>().Single().Text).RootElement;
}
