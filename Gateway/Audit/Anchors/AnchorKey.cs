using System.Security.Cryptography;

namespace AspireGateway.Gateway.Audit.Anchors;

/// <summary>An ECDSA key on P-256 that signs anchors, or only checks them.</summary>
internal sealed class AnchorKey : IDisposable
{
    public const string HowToMakeOne = "Make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256";

    private const int IdLength = 16;
    private const int CurveBits = 256;

    // Keys of this kind are not made for several threads at once.
    private readonly Lock _using = new();
    private readonly ECDsa _key;

    private AnchorKey(ECDsa key)
    {
        _key = key;
        Id = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..IdLength];
    }

    /// <summary>Beginning of the SHA-256 of the public key.</summary>
    public string Id { get; }

    /// <summary>The public key in PEM form.</summary>
    public string PublicPem => _key.ExportSubjectPublicKeyInfoPem();

    /// <summary>Makes a new key; its PEM is the only copy.</summary>
    public static string NewPem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    /// <summary>Reads a key; null when it is none on P-256, or only a public one where a private one is needed.</summary>
    public static AnchorKey? TryParse(string pem, bool needsPrivate)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            if (
                key.KeySize == CurveBits
                && (!needsPrivate || key.ExportParameters(includePrivateParameters: true).D is not null)
            )
            {
                return new AnchorKey(key);
            }
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            // Says nothing that the caller's message does not; and it may quote the text.
        }

        key.Dispose();
        return null;
    }

    public byte[] Sign(ReadOnlySpan<byte> bytes)
    {
        lock (_using)
        {
            return _key.SignData(bytes, HashAlgorithmName.SHA256);
        }
    }

    public bool Verify(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature)
    {
        lock (_using)
        {
            return _key.VerifyData(bytes, signature, HashAlgorithmName.SHA256);
        }
    }

    public void Dispose() => _key.Dispose();
}
