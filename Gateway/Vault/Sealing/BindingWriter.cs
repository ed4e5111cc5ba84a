using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace AspireGateway.Gateway.Vault.Sealing;

/// <summary>
/// Writes what a sealed value is about as associated data. Every field carries its length, so that no two different lists of
/// fields give the same bytes.
/// </summary>
internal sealed class BindingWriter
{
    // Strict: a lenient one gives different broken texts the same bytes.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    public BindingWriter(string kind) => Add(kind);

    public BindingWriter Add(string text)
    {
        var length = Utf8.GetByteCount(text);
        AddLength(length);
        _buffer.Advance(Utf8.GetBytes(text, _buffer.GetSpan(length)));
        return this;
    }

    /// <summary>Adds bytes; null is not the same as none.</summary>
    public BindingWriter Add(ReadOnlySpan<byte> bytes, bool isNull = false)
    {
        AddLength(isNull ? -1 : bytes.Length);
        _buffer.Write(bytes);
        return this;
    }

    public BindingWriter Add(long number)
    {
        AddLength(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(_buffer.GetSpan(sizeof(long)), number);
        _buffer.Advance(sizeof(long));
        return this;
    }

    public BindingWriter Add(long? number) => number is { } value ? Add(value) : Add([], isNull: true);

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    private void AddLength(int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer.GetSpan(sizeof(int)), length);
        _buffer.Advance(sizeof(int));
    }
}
