using System.Diagnostics.CodeAnalysis;
using ModelContextProtocol;

namespace AspireGateway.SampleMcpServer.Notes;

/// <summary>
/// Each person's notes, in memory. Bounded in every direction, so that nobody can fill the memory: what does not fit is refused
/// with a sentence about it.
/// </summary>
internal sealed class NoteStore(TimeProvider time)
{
    public const int MostPeople = 1000;
    public const int MostNotes = 100;
    public const int LongestTitle = 100;
    public const int LongestText = 4000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Notebook> _notebooks = new(StringComparer.Ordinal);

    /// <summary>Newest first.</summary>
    public NoteList List(string owner)
    {
        lock (_gate)
        {
            var notes = _notebooks.TryGetValue(owner, out var notebook) ? notebook.Notes.Values.Reverse() : [];
            NoteTitle[] titles = [.. notes.Select(static note => new NoteTitle(note.Id, note.Title))];
            return new(titles, titles.Length);
        }
    }

    /// <summary>One note of this person; another's is as unknown as one that never was.</summary>
    public bool TryFind(string owner, int id, [NotNullWhen(true)] out Note? note)
    {
        lock (_gate)
        {
            note = null;
            return _notebooks.TryGetValue(owner, out var notebook) && notebook.Notes.TryGetValue(id, out note);
        }
    }

    /// <summary>Adds a note.</summary>
    /// <exception cref="McpException">It does not fit.</exception>
    public Note Add(string owner, string title, string text)
    {
        Require(!string.IsNullOrWhiteSpace(title), "title must say something.");
        Require(title.Length <= LongestTitle, $"title must have at most {LongestTitle} characters.");
        Require(text.Length <= LongestText, $"text must have at most {LongestText} characters.");
        lock (_gate)
        {
            if (!_notebooks.TryGetValue(owner, out var notebook))
            {
                Require(_notebooks.Count < MostPeople, $"This sample keeps the notes of at most {MostPeople} people.");
                _notebooks[owner] = notebook = new();
            }

            Require(
                notebook.Notes.Count < MostNotes,
                $"This sample keeps at most {MostNotes} notes for each person. Delete one first."
            );
            var note = new Note(++notebook.LastId, title.Trim(), text, time.GetUtcNow());
            notebook.Notes.Add(note.Id, note);
            return note;
        }
    }

    /// <summary>Deletes a note; false when this person has none of that number.</summary>
    public bool Remove(string owner, int id)
    {
        lock (_gate)
        {
            return _notebooks.TryGetValue(owner, out var notebook) && notebook.Notes.Remove(id);
        }
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new McpException(otherwise);
        }
    }

    private sealed class Notebook
    {
        public SortedDictionary<int, Note> Notes { get; } = [];

        // Numbers are never used again, so that an old number cannot mean another note.
        public int LastId { get; set; }
    }
}
