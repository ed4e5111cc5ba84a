using System.Net;
using AspireGateway.Gateway.IntegrationTests.Systems;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AspireGateway.Gateway.IntegrationTests;

/// <summary>A tool with a scope of its own: <c>watch_storm</c> needs <c>weather:alerts</c>, as <c>AppHost.cs</c> says.</summary>
public abstract class StepUpTests(ComposedSystem system) : SystemTests(system)
{
    private const string WatchStorm = """
        {"jsonrpc":"2.0","id":2,"method":"tools/call",
        "params":{"name":"weather___watch_storm","arguments":{"city":"Oslo","steps":1}}}
        """;

    [Theory]
    [InlineData(null)]
    [InlineData("aspire-gateway-testclient")]
    public async Task A_client_asks_for_more_when_a_tool_needs_it_and_not_before(string? clientId)
    {
        using var person = new SignedInClient("alice");
        await using var client = await person.ConnectAsync(
            Running.Mcp,
            identity: clientId is null ? SignedInClient.Dynamic : SignedInClient.Known(clientId)
        );
        var tools = await client.ListToolsAsync(cancellationToken: Stop);
        await CallAsync(client, "weather___get_forecast", ("city", "Lisbon"));
        person.SignIns.ShouldBe(1, "nothing so far needs more");

        var result = await CallAsync(client, "weather___watch_storm", ("city", "Lisbon"), ("steps", 1));

        result.IsError.ShouldNotBe(true);
        person.SignIns.ShouldBe(2);
        tools.Select(static tool => tool.Name).ShouldContain("weather___watch_storm");
        person.Requests[0]["scope"]!.Split(' ').ShouldNotContain("weather:alerts");
        person.Requests[1]["scope"]!.Split(' ').ShouldContain("mcp:tools");
        person.Requests[1]["scope"]!.Split(' ').ShouldContain("weather:alerts");
    }

    [Fact]
    public async Task The_refusal_names_every_scope_that_the_call_needs()
    {
        var without = await TokenAsync(Running.Issuer, Running.Mcp);
        var with = await TokenAsync(Running.Issuer, Running.Mcp, "openid mcp:tools weather:alerts");

        var refused = await SendAsync(Running.Mcp, without, WatchStorm);
        var accepted = await SendAsync(Running.Mcp, with, WatchStorm);

        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Challenge.ShouldContain("error=\"insufficient_scope\"");
        refused.Challenge.ShouldContain("scope=\"mcp:tools weather:alerts\"");
        accepted.Status.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<CallToolResult> CallAsync(
        McpClient client,
        string tool,
        params (string Name, object Value)[] arguments
    ) =>
        await client.CallToolAsync(
            tool,
            arguments.ToDictionary(
                static argument => argument.Name,
                static argument => (object?)argument.Value,
                StringComparer.Ordinal
            ),
            cancellationToken: Stop
        );
}

[Collection(WithEmbedded.Name)]
public sealed class EmbeddedStepUpTests(EmbeddedSystem system) : StepUpTests(system);

[Collection(WithKeycloak.Name)]
public sealed class KeycloakStepUpTests(KeycloakSystem system) : StepUpTests(system);
