using AspireGateway.Gateway.IntegrationTests.Systems;
using ModelContextProtocol;

namespace AspireGateway.Gateway.IntegrationTests;

/// <summary>The whole inbound flow, A1 to A11, between real processes; the same with each identity provider.</summary>
public abstract class SignInTests(ComposedSystem system) : SystemTests(system)
{
    [Theory]
    [InlineData("alice")]
    [InlineData("bob")]
    public async Task A_person_signs_in_and_calls_a_tool(string user)
    {
        using var person = new SignedInClient(user);
        await using var client = await person.ConnectAsync(Running.Mcp);

        var tools = await client.ListToolsAsync(cancellationToken: Stop);
        var result = await client.CallToolAsync(
            "weather___get_forecast",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["city"] = "Lisbon" },
            cancellationToken: Stop
        );

        person.SignIns.ShouldBe(1);
        tools.Select(static tool => tool.Name).ShouldContain("weather___get_forecast");
        result.IsError.ShouldNotBe(true);
        result.StructuredContent.ShouldNotBeNull().ToString().ShouldContain("Lisbon");
        var request = person.Requests.ShouldHaveSingleItem();
        request["resource"].ShouldBe(Running.Mcp.ToString());
        request["code_challenge_method"].ShouldBe("S256");
        request["scope"].ShouldNotBeNull().ShouldContain("mcp:tools");
    }

    [Fact]
    public async Task The_records_of_two_people_name_each_of_them()
    {
        var subjects = new List<string>();
        foreach (var user in new[] { "alice", "bob" })
        {
            using var person = new SignedInClient(user);
            await using var client = await person.ConnectAsync(Running.Mcp);
            var record = await Running.RecordOfAsync(
                "get_forecast",
                async () => await client.CallToolAsync("weather___get_forecast", Oslo, cancellationToken: Stop)
            );
            subjects.Add(record.GetProperty("user").GetString()!);
        }

        subjects.Distinct(StringComparer.Ordinal).Count().ShouldBe(2);
        subjects.ShouldAllBe(static subject => subject.StartsWith("corp:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_target_can_be_used_by_itself_under_its_own_names()
    {
        using var person = new SignedInClient("alice");
        await using var client = await person.ConnectAsync(new Uri(Running.GatewayUrl, "/mcp/weather"));

        var tools = await client.ListToolsAsync(cancellationToken: Stop);

        tools.Select(static tool => tool.Name).ShouldContain("get_forecast");
        person
            .Requests.ShouldHaveSingleItem()["resource"]
            .ShouldBe(new Uri(Running.GatewayUrl, "/mcp/weather").ToString());
    }

    [Theory]
    [InlineData("/mcp", "weather___watch_storm")]
    [InlineData("/mcp/weather", "watch_storm")]
    public async Task Progress_of_a_long_call_arrives(string path, string tool)
    {
        using var person = new SignedInClient("alice");
        await using var client = await person.ConnectAsync(new Uri(Running.GatewayUrl, path));
        await client.ListToolsAsync(cancellationToken: Stop);
        var seen = new Progress();

        var result = await client.CallToolAsync(tool, Storm, seen, cancellationToken: Stop);

        result.IsError.ShouldNotBe(true);
        seen.Count.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Clients_of_every_revision_are_served(string revision)
    {
        using var person = new SignedInClient("alice");
        await using var client = await person.ConnectAsync(Running.Mcp, revision);

        var result = await client.CallToolAsync(
            "weather___get_forecast",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["city"] = "Lisbon" },
            cancellationToken: Stop
        );

        client.NegotiatedProtocolVersion.ShouldBe(revision);
        result.IsError.ShouldNotBe(true);
    }

    [Fact]
    public async Task An_unknown_tool_is_an_error_that_says_what_to_do()
    {
        using var person = new SignedInClient("alice");
        await using var client = await person.ConnectAsync(Running.Mcp);

        var error = await Should.ThrowAsync<McpProtocolException>(async () =>
            await client.CallToolAsync("get_forecast", cancellationToken: Stop)
        );

        error.ErrorCode.ShouldBe(McpErrorCode.InvalidParams);
        error.Message.ShouldContain("tools/list");
    }

    private static IReadOnlyDictionary<string, object?> Oslo { get; } =
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["city"] = "Oslo" };

    private static IReadOnlyDictionary<string, object?> Storm { get; } =
        new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["city"] = "Lisbon",
            ["steps"] = 3,
            // The SDK forgets who listens when the result is there, also for progress that it has not delivered yet.
            ["secondsPerStep"] = 0.3,
        };

    private sealed class Progress : IProgress<ProgressNotificationValue>
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void Report(ProgressNotificationValue value) => Interlocked.Increment(ref _count);
    }
}

[Collection(WithEmbedded.Name)]
public sealed class EmbeddedSignInTests(EmbeddedSystem system) : SignInTests(system);

[Collection(WithKeycloak.Name)]
public sealed class KeycloakSignInTests(KeycloakSystem system) : SignInTests(system);
