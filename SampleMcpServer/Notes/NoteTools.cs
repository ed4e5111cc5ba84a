using System.ComponentModel;
using System.Security.Claims;
using AspireGateway.SampleMcpServer.Protection;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer.Notes;

/// <summary>Scopes are checked before a request gets here (<see cref="ScopeCheck"/>); these only ask whose notes they are.</summary>
[McpServerToolType]
internal sealed class NoteTools(NoteStore store)
{
    [McpServerTool(
        Name = "list_notes",
        Title = "List my notes",
        ReadOnly = true,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description("Titles of your notes, newest first.")]
    public NoteList ListNotes(ClaimsPrincipal user) => store.List(user.Subject());

    [McpServerTool(
        Name = "read_note",
        Title = "Read a note",
        ReadOnly = true,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description("One of your notes with its text.")]
    public Note ReadNote(ClaimsPrincipal user, [Description("Number of the note, as list_notes shows it")] int id) =>
        store.TryFind(user.Subject(), id, out var note) ? note : throw Unknown(id);

    [McpServerTool(
        Name = "add_note",
        Title = "Add a note",
        Destructive = false,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description("Writes a new note. Needs the scope notes:write.")]
    public Note AddNote(
        ClaimsPrincipal user,
        [Description("What it is about, in a few words")] string title,
        [Description("The note itself")] string text = ""
    ) => store.Add(user.Subject(), title, text);

    [McpServerTool(
        Name = "delete_note",
        Title = "Delete a note",
        Destructive = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description("Deletes one of your notes for good. Needs the scope notes:admin.")]
    public NoteList DeleteNote(
        ClaimsPrincipal user,
        [Description("Number of the note, as list_notes shows it")] int id
    ) => store.Remove(user.Subject(), id) ? store.List(user.Subject()) : throw Unknown(id);

    private static McpException Unknown(int id) => new($"You have no note {id}. list_notes shows which ones you have.");
}
