using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AspireGateway.Gateway.Audit.Chain;

/// <summary>
/// A line of a segment: <c>{"chain":"…","seq":N,"previous":"…",</c> the record's own members, and <c>,"hash":"…"}</c>. The hash is the
/// SHA-256 of all bytes before <c>,"hash"</c>, as they stand in the file; the next line names it as its previous one.
/// </summary>
internal static class RecordLine
{
    /// <summary>Hexadecimal digits of a hash.</summary>
    public const int HashLength = 64;

    /// <summary>The previous hash of a chain's first record.</summary>
    public static readonly string NoHash = new('0', HashLength);

    [ThreadStatic]
    private static IncrementalHash? _hash;

    private static readonly byte[] BeforePrevious = Encoding.ASCII.GetBytes(",\"previous\":\"");
    private static readonly byte[] BeforeHash = Encoding.ASCII.GetBytes(",\"hash\":\"");
    private static readonly byte[] AfterHash = Encoding.ASCII.GetBytes("\"}");

    /// <summary>Length of everything behind what is hashed, without the end of the line.</summary>
    public static readonly int SuffixLength = BeforeHash.Length + HashLength + AfterHash.Length;

    /// <summary>Appends a line with its end, and replaces the previous hash with that of the line.</summary>
    /// <param name="lines">Where to.</param>
    /// <param name="prefix">What every line of the chain begins with, see <see cref="Prefix"/>.</param>
    /// <param name="seq">Number of the record.</param>
    /// <param name="previous">Digits of the previous hash; afterwards of this one.</param>
    /// <param name="body">The record's own members.</param>
    /// <param name="outcome">What was added to them; empty when nothing was.</param>
    public static void Append(
        ArrayBufferWriter<byte> lines,
        ReadOnlySpan<byte> prefix,
        long seq,
        Span<byte> previous,
        ReadOnlySpan<byte> body,
        ReadOnlySpan<byte> outcome = default
    )
    {
        var start = lines.WrittenCount;
        lines.Write(prefix);
        Utf8Formatter.TryFormat(seq, lines.GetSpan(20), out var digits);
        lines.Advance(digits);
        lines.Write(BeforePrevious);
        lines.Write(previous);
        lines.Write("\","u8);
        lines.Write(body);
        lines.Write(outcome);
        Hash(lines.WrittenSpan[start..], previous);
        lines.Write(BeforeHash);
        lines.Write(previous);
        lines.Write(AfterHash);
        lines.Write("\n"u8);
    }

    /// <summary>What every line of a chain begins with.</summary>
    public static byte[] Prefix(string chain) => Encoding.ASCII.GetBytes($"{{\"chain\":\"{chain}\",\"seq\":");

    /// <summary>The record's own members in a line that carries its hash; empty when the line is not formed as it should be.</summary>
    public static ReadOnlySpan<byte> BodyOf(ReadOnlySpan<byte> line)
    {
        var previous = line.IndexOf(BeforePrevious);
        var start = previous + BeforePrevious.Length + HashLength + "\",".Length;
        return previous >= 0 && start <= line.Length - SuffixLength ? line[start..^SuffixLength] : [];
    }

    /// <summary>Whether a line, without its end, carries the hash of its own bytes.</summary>
    /// <param name="line">The line.</param>
    /// <param name="hash">Digits of the hash that was computed.</param>
    public static bool HasItsHash(ReadOnlySpan<byte> line, out string hash)
    {
        hash = NoHash;
        if (line.Length <= SuffixLength)
        {
            return false;
        }

        Span<byte> computed = stackalloc byte[HashLength];
        Hash(line[..^SuffixLength], computed);
        hash = Encoding.ASCII.GetString(computed);
        var suffix = line[^SuffixLength..];
        return suffix.StartsWith(BeforeHash)
            && suffix.EndsWith(AfterHash)
            && suffix.Slice(BeforeHash.Length, HashLength).SequenceEqual(computed);
    }

    // Kept for each thread: looking the algorithm up for each line costs a quarter of hashing it.
    private static void Hash(ReadOnlySpan<byte> bytes, Span<byte> digits)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _hash.AppendData(bytes);
        _hash.GetHashAndReset(hash);
        Convert.TryToHexStringLower(hash, digits, out _);
    }
}
