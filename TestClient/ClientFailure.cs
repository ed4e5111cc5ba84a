namespace AspireGateway.TestClient;

/// <summary>The run cannot go on, and the person can do something about it.</summary>
/// <param name="message">What is wrong, in one sentence.</param>
/// <param name="hint">What to do.</param>
/// <param name="inner">What led here.</param>
internal sealed class ClientFailure(string message, string? hint = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What to do.</summary>
    public string? Hint { get; } = hint;
}
