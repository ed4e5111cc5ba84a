using System.ComponentModel;

namespace AspireGateway.SampleMcpServer.Notes;

/// <summary>A note of one person.</summary>
internal sealed record Note(
    [property: Description("Number of the note among this person's notes")] int Id,
    string Title,
    string Text,
    DateTimeOffset WrittenAt
);

/// <summary>A note as the list shows it.</summary>
internal sealed record NoteTitle(int Id, string Title);

/// <summary>What <c>list_notes</c> answers.</summary>
internal sealed record NoteList(
    [property: Description("Newest first")] IReadOnlyList<NoteTitle> Notes,
    [property: Description("How many there are")] int Count
);
