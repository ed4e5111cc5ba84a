using System.Collections.Concurrent;

namespace AspireGateway.TestClient.Output;

/// <summary>
/// Every secret that this run has seen. Nothing prints one on purpose; this is the net below, for error texts of servers
/// that repeat what they were sent.
/// </summary>
internal sealed class Secrets
{
    // Shorter ones (the demo password) are words of the language; redacting them would only point at them.
    private const int ShortestToHide = 8;

    private readonly ConcurrentDictionary<string, byte> _known = new(StringComparer.Ordinal);

    /// <summary>Remembers a secret.</summary>
    public void Add(string? secret)
    {
        if (secret is { Length: >= ShortestToHide })
        {
            _known.TryAdd(secret, 0);
        }
    }

    /// <summary>Hides every known secret in a text, also where it is written as part of a URL.</summary>
    public string Redact(string text)
    {
        foreach (var secret in _known.Keys)
        {
            text = text.Replace(secret, "[redacted]", StringComparison.Ordinal)
                .Replace(Uri.EscapeDataString(secret), "[redacted]", StringComparison.Ordinal);
        }

        return text;
    }
}
