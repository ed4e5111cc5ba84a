namespace AspireGateway.TestClient.Tour;

/// <summary>How one feature went on one route with one revision.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="Route">Path of the endpoint.</param>
/// <param name="Revision">MCP revision.</param>
/// <param name="Reason">Why it failed; null when it did not.</param>
internal sealed record TourCell(string Feature, string Route, string Revision, string? Reason)
{
    /// <summary>Whether the revision has the feature at all.</summary>
    public bool Exists { get; init; } = true;
}
