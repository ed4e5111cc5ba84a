namespace AspireGateway.TestClient.Tour;

/// <summary>One feature of MCP, and how it is tried.</summary>
/// <param name="Feature">Its name in the table.</param>
/// <param name="VisitAsync">Uses it; throws when the server does not do what it should.</param>
internal sealed record Stop(string Feature, Func<TourClient, CancellationToken, Task> VisitAsync)
{
    /// <summary>First revision that has the feature.</summary>
    public string Since { get; init; } = Revisions.Oldest;

    /// <summary>First revision that does not have it any more.</summary>
    public string? Until { get; init; }

    /// <summary>Whether a revision has the feature.</summary>
    public bool IsIn(string revision) =>
        string.CompareOrdinal(revision, Since) >= 0 && (Until is null || string.CompareOrdinal(revision, Until) < 0);
}

/// <summary>Revisions of MCP that are toured.</summary>
internal static class Revisions
{
    public const string Oldest = "2025-03-26";
    public const string Elicitation = "2025-06-18";
    public const string Links = "2025-11-25";
    public const string WithoutSessions = "2026-07-28";

    /// <summary>All, oldest first.</summary>
    public static readonly string[] All = [Oldest, Elicitation, Links, WithoutSessions];
}
