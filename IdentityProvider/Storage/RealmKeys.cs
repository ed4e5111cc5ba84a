using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace AspireGateway.IdentityProvider.Storage;

/// <summary>What signs tokens, and what seals authorization codes and refresh tokens. Made at the first run.</summary>
internal sealed class RealmKeys
{
    private RealmKeys(RsaSecurityKey signing, SymmetricSecurityKey sealing) => (Signing, Sealing) = (signing, sealing);

    public RsaSecurityKey Signing { get; }

    public SymmetricSecurityKey Sealing { get; }

    public static RealmKeys Load(DataFolder? folder)
    {
        var pem = folder is null ? NewSigningKey() : folder.ReadOrCreate("signing-key.pem", NewSigningKey);
        var secret = folder is null ? NewSealingKey() : folder.ReadOrCreate("sealing-key", NewSealingKey);

        var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        var signing = new RsaSecurityKey(rsa);
        signing.KeyId = Base64UrlEncoder.Encode(signing.ComputeJwkThumbprint());
        return new RealmKeys(signing, new SymmetricSecurityKey(Convert.FromBase64String(secret)));
    }

    private static string NewSigningKey()
    {
        using var rsa = RSA.Create(2048);
        return rsa.ExportPkcs8PrivateKeyPem();
    }

    private static string NewSealingKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
