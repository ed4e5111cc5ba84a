using System.Security.Cryptography;
using AspireGateway.Gateway.Vault.Keys;

namespace AspireGateway.Gateway.Vault.Sealing;

/// <summary>
/// AES-256-GCM with a random key for every value that is written; that key is wrapped by the ring's active key. Rotation
/// wraps it anew and leaves the value alone.
/// </summary>
internal sealed class Envelope(KeyRings rings)
{
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const byte Version = 1;

    public SealedValue Seal(ReadOnlySpan<byte> content, ReadOnlySpan<byte> binding)
    {
        var output = new byte[1 + NonceSize + content.Length + TagSize];
        output[0] = Version;
        var nonce = output.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        var rest = output.AsSpan(1 + NonceSize);

        Span<byte> key = stackalloc byte[KeyMaterial.Size];
        RandomNumberGenerator.Fill(key);
        using (var aes = new AesGcm(key, TagSize))
        {
            aes.Encrypt(nonce, content, rest[..content.Length], rest[content.Length..], binding);
        }

        var active = rings.Current.Active;
        var wrapped = active.Wrap(key);
        CryptographicOperations.ZeroMemory(key);
        return new SealedValue(active.Id, wrapped, output);
    }

    /// <exception cref="UnsealException">The value is not what was sealed for this binding, or its key is not in the ring.</exception>
    public byte[] Open(SealedValue value, ReadOnlySpan<byte> binding)
    {
        var input = value.Content.AsSpan();
        if (input.Length < 1 + NonceSize + TagSize || input[0] != Version)
        {
            throw new UnsealException("it has not the form of a sealed value");
        }

        Span<byte> key = stackalloc byte[KeyMaterial.Size];
        Unwrap(value, key);
        var rest = input[(1 + NonceSize)..];
        var content = new byte[rest.Length - TagSize];
        try
        {
            using var aes = new AesGcm(key, TagSize);
            aes.Decrypt(input.Slice(1, NonceSize), rest[..content.Length], rest[content.Length..], content, binding);
            return content;
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new UnsealException("it was changed, or belongs to another row");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>The same value, its key wrapped by the active key.</summary>
    /// <exception cref="UnsealException">Its key cannot be unwrapped.</exception>
    public SealedValue Rewrap(SealedValue value)
    {
        Span<byte> key = stackalloc byte[KeyMaterial.Size];
        Unwrap(value, key);
        var active = rings.Current.Active;
        var wrapped = active.Wrap(key);
        CryptographicOperations.ZeroMemory(key);
        return new SealedValue(active.Id, wrapped, value.Content);
    }

    private void Unwrap(SealedValue value, Span<byte> key)
    {
        if (!rings.Current.TryGet(value.KeyId, out var wrapping))
        {
            throw new UnsealException($"the key '{value.KeyId}' is not in Gateway:Vault:Keys");
        }

        if (!wrapping.TryUnwrap(value.WrappedKey, key))
        {
            throw new UnsealException("its wrapped key was changed, or was wrapped by another key");
        }
    }
}

/// <summary>A value as it is stored.</summary>
/// <param name="KeyId">Key of the ring that wraps its key.</param>
/// <param name="WrappedKey">Its own key, wrapped.</param>
/// <param name="Content">Version, nonce, ciphertext, tag.</param>
internal readonly record struct SealedValue(string KeyId, byte[] WrappedKey, byte[] Content);

/// <summary>A sealed value cannot be opened. The message holds no secret.</summary>
internal sealed class UnsealException(string message) : Exception(message);
