using AspireGateway.SampleMcpServer.Protection;

namespace AspireGateway.SampleMcpServer.Notes;

/// <summary>
/// The sample <c>notes</c>: a server that is itself protected by OAuth, as most are. Each person sees their own notes only, one
/// tool needs more than reading, and one needs a scope that nobody asks for at first.
/// </summary>
internal static class NotesSample
{
    private const string Read = "notes:read";
    private const string Write = "notes:write";
    private const string Admin = "notes:admin";

    public static readonly Sample Definition = new("notes", Add)
    {
        Scopes = new ScopePolicy(Read)
        {
            // Not Admin: clients ask for it when a challenge names it.
            Advertised = [Read, Write],
            OfTools = new(StringComparer.Ordinal) { ["add_note"] = [Read, Write], ["delete_note"] = [Read, Admin] },
        },
    };

    private static void Add(IMcpServerBuilder mcp)
    {
        mcp.Services.AddSingleton<NoteStore>();
        mcp.WithTools<NoteTools>();
    }
}
