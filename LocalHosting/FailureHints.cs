namespace AspireGateway.LocalHosting;

/// <summary>
/// What to do about a failure. Not public, because Aspire has no such call; for Aspire, the AppHost makes it from others
/// (AppHost/AspireOnly/FailureHints.cs).
/// </summary>
internal static class FailureHints
{
    /// <summary>
    /// When the resource fails, one more line is put below its own last ones: what a person can do about it.
    /// </summary>
    /// <param name="builder">The resource.</param>
    /// <param name="explain">Gets the resource's log lines; null when it has nothing to say about them.</param>
    public static IResourceBuilder<T> WithFailureHint<T>(
        this IResourceBuilder<T> builder,
        Func<IReadOnlyList<string>, string?> explain
    )
        where T : IResource
    {
        builder.Define().FailureHints.Add(explain);
        return builder;
    }
}
