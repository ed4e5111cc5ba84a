using System.Text.Json;
using AspireGateway.Gateway.IntegrationTests.Systems;
using ModelContextProtocol.Protocol;

namespace AspireGateway.Gateway.IntegrationTests;

/// <summary>Flow B through the whole system: each person consents once at the other company, and has their own notes from then on.</summary>
public abstract class ConsentFlowTests(ComposedSystem system) : SystemTests(system)
{
    [Theory]
    [InlineData("2025-11-25", "/mcp")]
    [InlineData("2025-11-25", "/mcp/notes")]
    [InlineData("2026-07-28", "/mcp")]
    [InlineData("2026-07-28", "/mcp/notes")]
    public async Task A_person_consents_once_and_calls_go_on(string revision, string path)
    {
        using var person = new SignedInClient("alice");
        await using var client = await person.ConnectAsync(new Uri(Running.GatewayUrl, path), revision);
        var prefix = path == "/mcp" ? "notes___" : "";
        var tools = await client.ListToolsAsync(cancellationToken: Stop);
        tools.Select(static tool => tool.Name).ShouldContain(prefix + "add_note");
        person.Consents.ShouldBe(0, "a list asks nobody");

        var title = $"{revision} {path}";
        var added = await person.CallAsync(client, prefix + "add_note", Note(title));
        var listed = await person.CallAsync(
            client,
            prefix + "list_notes",
            new Dictionary<string, object?>(StringComparer.Ordinal)
        );

        added.IsError.ShouldNotBe(true);
        Text(listed).ShouldContain(title);
        person.Consents.ShouldBe(1);
    }

    [Fact]
    public async Task Two_persons_have_their_own_notes()
    {
        using var alice = new SignedInClient("alice");
        using var bob = new SignedInClient("bob");
        await using var first = await alice.ConnectAsync(Running.Mcp);
        await using var second = await bob.ConnectAsync(Running.Mcp);
        await first.ListToolsAsync(cancellationToken: Stop);
        await second.ListToolsAsync(cancellationToken: Stop);

        await alice.CallAsync(first, "notes___add_note", Note("only alice's"));
        var seen = await bob.CallAsync(
            second,
            "notes___list_notes",
            new Dictionary<string, object?>(StringComparer.Ordinal)
        );

        bob.Consents.ShouldBe(1);
        Text(seen).ShouldNotContain("only alice's");
    }

    [Fact]
    public async Task The_person_sees_which_account_they_have_connected()
    {
        using var person = new SignedInClient("alice");
        await using var client = await person.ConnectAsync(Running.Mcp);
        await client.ListToolsAsync(cancellationToken: Stop);
        await person.CallAsync(client, "notes___add_note", Note("mine"));

        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Running.GatewayUrl, "/connections"));
        request.Headers.Authorization = new("Bearer", await TokenAsync(Running.Issuer, Running.Mcp));
        using var answer = await http.SendAsync(request, Stop);

        var connections = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Stop)).GetProperty("connections");
        var notes = connections.EnumerateArray().Single(static one => one.GetProperty("target").ValueEquals("notes"));
        notes.GetProperty("account").GetString().ShouldBe("alice.p");
    }

    [Fact]
    public async Task A_tool_that_needs_more_at_the_third_party_asks_for_it()
    {
        using var person = new SignedInClient("bob");
        await using var client = await person.ConnectAsync(Running.Mcp);
        await client.ListToolsAsync(cancellationToken: Stop);
        await person.CallAsync(client, "notes___add_note", Note("to be deleted"));
        var before = person.Consents;

        var result = await person.CallAsync(
            client,
            "notes___delete_note",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["id"] = "there-is-none" }
        );

        person.Consents.ShouldBe(before + 1);
        Text(result).ShouldNotContain("consent");
    }

    private static Dictionary<string, object?> Note(string title) =>
        new(StringComparer.Ordinal) { ["title"] = title, ["text"] = "written by a test" };

    private static string Text(CallToolResult result) =>
        string.Join('\n', result.Content.OfType<TextContentBlock>().Select(static block => block.Text));
}

[Collection(WithEmbedded.Name)]
public sealed class EmbeddedConsentFlowTests(EmbeddedSystem system) : ConsentFlowTests(system);

[Collection(WithKeycloak.Name)]
public sealed class KeycloakConsentFlowTests(KeycloakSystem system) : ConsentFlowTests(system);

[Collection(WithReplicas.Name)]
public sealed class ReplicatedConsentFlowTests(ReplicatedSystem system) : ConsentFlowTests(system);
