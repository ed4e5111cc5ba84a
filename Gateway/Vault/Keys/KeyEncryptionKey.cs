using System.Security.Cryptography;
using System.Text;

namespace AspireGateway.Gateway.Vault.Keys;

/// <summary>Wraps the random key of each row. Its own bytes never leave this class.</summary>
internal sealed class KeyEncryptionKey
{
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const byte Version = 1;

    /// <summary>Length of a wrapped key in bytes.</summary>
    public const int WrappedSize = 1 + NonceSize + KeyMaterial.Size + TagSize;

    private readonly byte[] _key;
    private readonly byte[] _binding;

    public KeyEncryptionKey(string id, ReadOnlySpan<byte> key)
    {
        Id = id;
        _binding = Encoding.UTF8.GetBytes($"aspire-gateway/vault/wrap/v1/{id}");
        _key = new byte[KeyMaterial.Size];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, _key, salt: [], info: "aspire-gateway/vault/wrap/v1"u8);
    }

    public string Id { get; }

    public byte[] Wrap(ReadOnlySpan<byte> key)
    {
        var wrapped = new byte[WrappedSize];
        wrapped[0] = Version;
        var nonce = wrapped.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        var rest = wrapped.AsSpan(1 + NonceSize);

        // An instance for each use: nothing says that one may be shared between threads.
        using var aes = new AesGcm(_key, TagSize);
        aes.Encrypt(nonce, key, rest[..KeyMaterial.Size], rest[KeyMaterial.Size..], _binding);
        return wrapped;
    }

    /// <summary>Opens a wrapped key; false when it was wrapped with another key or was changed.</summary>
    public bool TryUnwrap(ReadOnlySpan<byte> wrapped, Span<byte> key)
    {
        if (wrapped.Length != WrappedSize || wrapped[0] != Version)
        {
            return false;
        }

        var rest = wrapped[(1 + NonceSize)..];
        try
        {
            using var aes = new AesGcm(_key, TagSize);
            aes.Decrypt(
                wrapped.Slice(1, NonceSize),
                rest[..KeyMaterial.Size],
                rest[KeyMaterial.Size..],
                key[..KeyMaterial.Size],
                _binding
            );
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }
}
