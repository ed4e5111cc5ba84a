using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace AspireGateway.Gateway;

/// <summary>
/// One spelling for JSON values that mean the same: members in the order of their names' UTF-8 bytes, no white space, strings with the fewest
/// escapes, numbers as they were written.
/// </summary>
internal static class CanonicalJson
{
    /// <summary>SHA-256 of the canonical form of the value at the beginning of some JSON text, in hexadecimal digits.</summary>
    /// <exception cref="JsonException">The text does not begin with a JSON value.</exception>
    public static string Digest(ReadOnlySpan<byte> json)
    {
        var output = new Output();
        try
        {
            // Not the final block: what comes behind the value is not looked at.
            var reader = new Utf8JsonReader(json, isFinalBlock: false, default);
            if (!reader.Read())
            {
                throw new JsonException("There is no value.");
            }

            WriteValue(ref reader, ref output);
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(output.Written, hash);
            return Convert.ToHexStringLower(hash);
        }
        finally
        {
            output.Dispose();
        }
    }

    private static void WriteValue(ref Utf8JsonReader reader, ref Output output)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                WriteObject(ref reader, ref output);
                break;
            case JsonTokenType.StartArray:
                WriteArray(ref reader, ref output);
                break;
            case JsonTokenType.String:
                WriteString(ref reader, ref output);
                break;
            default:
                output.Write(reader.ValueSpan);
                break;
        }
    }

    private static void WriteArray(ref Utf8JsonReader reader, ref Output output)
    {
        output.Write((byte)'[');
        var isFirst = true;
        while (Next(ref reader) != JsonTokenType.EndArray)
        {
            if (!isFirst)
            {
                output.Write((byte)',');
            }

            isFirst = false;
            WriteValue(ref reader, ref output);
        }

        output.Write((byte)']');
    }

    private static void WriteObject(ref Utf8JsonReader reader, ref Output output)
    {
        output.Write((byte)'{');
        var start = output.Length;
        var members = new List<Member>();
        var isInOrder = true;
        while (Next(ref reader) != JsonTokenType.EndObject)
        {
            if (members.Count > 0)
            {
                output.Write((byte)',');
            }

            var memberStart = output.Length;
            WriteString(ref reader, ref output);
            var nameLength = output.Length - memberStart;
            output.Write((byte)':');
            Next(ref reader);
            WriteValue(ref reader, ref output);
            var member = new Member(memberStart, nameLength, output.Length - memberStart);
            isInOrder = isInOrder && (members.Count == 0 || Compare(output.Written, members[^1], member) < 0);
            members.Add(member);
        }

        if (!isInOrder)
        {
            Sort(start, members, ref output);
        }

        output.Write((byte)'}');
    }

    // Most objects come in order; only the others are copied.
    private static void Sort(int start, List<Member> members, ref Output output)
    {
        var copy = output.Written[start..].ToArray();
        members.Sort((one, other) => Compare(copy, one.At(-start), other.At(-start)));
        output.Truncate(start);
        for (var i = 0; i < members.Count; i++)
        {
            if (i > 0)
            {
                output.Write((byte)',');
            }

            output.Write(copy.AsSpan(members[i].Start - start, members[i].Length));
        }
    }

    private static int Compare(ReadOnlySpan<byte> bytes, Member one, Member other) =>
        bytes.Slice(one.Start, one.NameLength).SequenceCompareTo(bytes.Slice(other.Start, other.NameLength));

    private static void WriteString(ref Utf8JsonReader reader, ref Output output)
    {
        output.Write((byte)'"');
        if (!reader.ValueIsEscaped)
        {
            output.Write(reader.ValueSpan);
        }
        else
        {
            var rented = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
            var length = reader.CopyString(rented);
            foreach (var letter in rented.AsSpan(0, length))
            {
                Escape(letter, ref output);
            }

            ArrayPool<byte>.Shared.Return(rented);
        }

        output.Write((byte)'"');
    }

    private static void Escape(byte letter, ref Output output)
    {
        if (letter is (byte)'"' or (byte)'\\')
        {
            output.Write((byte)'\\');
            output.Write(letter);
        }
        else if (letter < (byte)' ')
        {
            output.Write("\\u00"u8);
            output.Write((byte)(letter < 16 ? '0' : '1'));
            output.Write("0123456789abcdef"u8[letter & 15]);
        }
        else
        {
            output.Write(letter);
        }
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) =>
        reader.Read() ? reader.TokenType : throw new JsonException("The value does not end.");

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Member(int Start, int NameLength, int Length)
    {
        public Member At(int offset) => this with { Start = Start + offset };
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Output() : IDisposable
    {
        private byte[] _bytes = ArrayPool<byte>.Shared.Rent(512);

        public int Length { get; private set; }

        public readonly ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

        public void Write(byte letter) => Write([letter]);

        public void Write(ReadOnlySpan<byte> bytes)
        {
            if (Length + bytes.Length > _bytes.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Length + bytes.Length));
                Written.CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_bytes);
                _bytes = larger;
            }

            bytes.CopyTo(_bytes.AsSpan(Length));
            Length += bytes.Length;
        }

        public void Truncate(int length) => Length = length;

        public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);
    }
}
