using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Inbound.Tokens;

/// <summary>
/// Remembers which tokens had a good signature, by their SHA-256, so that the check is paid once. Bounded in number, and an
/// entry never outlives its token or its key. Every other rule of a request is decided anew.
/// </summary>
internal sealed class AccessTokenCache(IOptions<InboundOptions> options, TimeProvider time) : IDisposable
{
    private const int UsualLength = 2048;

    private readonly MemoryCache _entries = new(new MemoryCacheOptions { SizeLimit = options.Value.TokenCacheSize });
    private readonly TimeSpan _skew = options.Value.ClockSkew;

    /// <summary>The key under which a token is remembered; the token itself cannot be had from it.</summary>
    public static Key KeyOf(ReadOnlySpan<char> token)
    {
        // Clearing room for the longest token would cost more than hashing a usual one.
        var bytes = token.Length <= UsualLength ? stackalloc byte[UsualLength] : new byte[token.Length];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.ASCII.GetBytes(token, bytes)], hash);
        return new Key(
            new UInt128(BitConverter.ToUInt64(hash[..8]), BitConverter.ToUInt64(hash[8..16])),
            new UInt128(BitConverter.ToUInt64(hash[16..24]), BitConverter.ToUInt64(hash[24..]))
        );
    }

    /// <summary>The caller of a token that was validated before and is still good.</summary>
    public Caller? Find(Key key)
    {
        if (!_entries.TryGetValue(key, out Entry? entry) || entry is null)
        {
            return null;
        }

        if (time.GetUtcNow() < entry.Caller.ExpiresAt + _skew && entry.Issuer.HasKey(entry.SigningKeyId))
        {
            return entry.Caller;
        }

        _entries.Remove(key);
        return null;
    }

    public void Add(Key key, Caller caller, IssuerMetadata issuer, string? signingKeyId)
    {
        var life = caller.ExpiresAt + _skew - time.GetUtcNow();
        if (life > TimeSpan.Zero && options.Value.TokenCacheSize > 0)
        {
            _entries.Set(
                key,
                new Entry(caller, issuer, signingKeyId),
                new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = life }
            );
        }
    }

    /// <summary>Forgets every token, so that each is checked again.</summary>
    public void Clear() => _entries.Clear();

    public void Dispose() => _entries.Dispose();

    /// <summary>SHA-256 of a token.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Key(UInt128 High, UInt128 Low);

    private sealed record Entry(Caller Caller, IssuerMetadata Issuer, string? SigningKeyId);
}
