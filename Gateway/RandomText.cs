using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AspireGateway.Gateway;

/// <summary>Values that nobody can guess, and their fingerprints.</summary>
internal static class RandomText
{
    /// <summary>256 bits in URL-safe characters.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>SHA-256 in URL-safe characters; also the S256 code challenge of a verifier (RFC 7636 §4.2).</summary>
    public static string Fingerprint(string text) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
