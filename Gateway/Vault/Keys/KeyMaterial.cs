using System.Diagnostics.CodeAnalysis;

namespace AspireGateway.Gateway.Vault.Keys;

/// <summary>Reads keys as people write them.</summary>
internal static class KeyMaterial
{
    /// <summary>Length of a key in bytes.</summary>
    public const int Size = 32;

    // 32 random bytes have about 30 different values; fewer than this many means a sample such as AAAA…, or a typed word.
    private const int FewestDistinctBytes = 16;

    /// <summary>Accepts 32 bytes in base64 that look random.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out byte[]? key)
    {
        key = new byte[Size];
        var trimmed = text.AsSpan().Trim();
        if (
            Convert.TryFromBase64Chars(trimmed, key, out var written)
            && written == Size
            && key.Distinct().Count() >= FewestDistinctBytes
        )
        {
            return true;
        }

        key = null;
        return false;
    }
}
