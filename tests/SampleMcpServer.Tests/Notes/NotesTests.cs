using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AspireGateway.SampleMcpServer.Tests.Notes;

/// <summary>The tools, for people with the right scopes, in both protocol eras.</summary>
public sealed class NotesTests(NotesFixture server) : IClassFixture<NotesFixture>
{
    private const string Everything = "notes:read notes:write notes:admin";

    public static TheoryData<string> Revisions => ["2025-06-18", "2025-11-25", "2026-07-28"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Revisions))]
    public async Task A_note_is_written_listed_read_and_deleted(string revision)
    {
        await using var client = await server.ConnectAsync(
            server.Token(Everything, $"somebody with {revision}"),
            revision,
            Cancel
        );

        (await client.ListToolsAsync(cancellationToken: Cancel))
            .Select(static tool => tool.Name)
            .ShouldBe(["list_notes", "read_note", "add_note", "delete_note"], ignoreOrder: true);
        var written = await CallAsync(client, "add_note", new() { ["title"] = "Milk", ["text"] = "two bottles" });
        var id = written.GetProperty("id").GetInt32();
        var list = await CallAsync(client, "list_notes");
        var read = await CallAsync(client, "read_note", new() { ["id"] = id });
        var left = await CallAsync(client, "delete_note", new() { ["id"] = id });

        list.GetProperty("notes")[0].GetProperty("title").GetString().ShouldBe("Milk");
        read.GetProperty("text").GetString().ShouldBe("two bottles");
        left.GetProperty("count").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Nobody_sees_another_persons_notes()
    {
        await using var alice = await server.ConnectAsync(server.Token(Everything, "the owner"), null, Cancel);
        await using var bob = await server.ConnectAsync(server.Token(Everything, "a stranger"), null, Cancel);
        var note = await CallAsync(alice, "add_note", new() { ["title"] = "Secret" });
        var id = note.GetProperty("id").GetInt32();

        (await CallAsync(bob, "list_notes")).GetProperty("count").GetInt32().ShouldBe(0);
        (await MistakeAsync(bob, "read_note", new() { ["id"] = id })).ShouldContain($"You have no note {id}");
        (await MistakeAsync(bob, "delete_note", new() { ["id"] = id })).ShouldContain($"You have no note {id}");
        (await CallAsync(alice, "list_notes")).GetProperty("count").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Memory_is_bounded_and_what_does_not_fit_is_said()
    {
        await using var client = await server.ConnectAsync(server.Token(Everything, "a writer"), null, Cancel);

        (await MistakeAsync(client, "add_note", new() { ["title"] = new string('x', 101) })).ShouldContain(
            "at most 100"
        );
        (
            await MistakeAsync(client, "add_note", new() { ["title"] = "x", ["text"] = new string('x', 4001) })
        ).ShouldContain("at most 4000");
        (await MistakeAsync(client, "add_note", new() { ["title"] = " " })).ShouldContain("must say something");
        for (var count = 0; count < 100; count++)
        {
            await CallAsync(client, "add_note", new() { ["title"] = $"Note {count}" });
        }

        (await MistakeAsync(client, "add_note", new() { ["title"] = "one more" })).ShouldContain("Delete one first");
    }

    private static async Task<JsonElement> CallAsync(
        McpClient client,
        string tool,
        Dictionary<string, object?>? arguments = null
    )
    {
        var result = await client.CallToolAsync(tool, arguments, cancellationToken: Cancel);
        result.IsError.ShouldNotBe(true, Text(result));
        return result.StructuredContent.ShouldNotBeNull();
    }

    private static async Task<string> MistakeAsync(McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        var result = await client.CallToolAsync(tool, arguments, cancellationToken: Cancel);
        result.IsError.ShouldBe(true);
        return Text(result);
    }

    private static string Text(CallToolResult result) =>
        string.Concat(result.Content.OfType<TextContentBlock>().Select(static block => block.Text));
}
