using System.Security.Cryptography;

namespace AspireGateway.Gateway.Vault.Sealing;

/// <summary>
/// HMACs by which records are found without being named in the database. Their keys are derived from one random key that is
/// made with the database and sealed in it: rotation wraps it anew, but what is derived from it stays.
/// </summary>
internal sealed class LookupHash(ReadOnlySpan<byte> root)
{
    private readonly byte[] _keys = Derive(root, "aspire-gateway/vault/lookup/key/v1"u8);
    private readonly byte[] _groups = Derive(root, "aspire-gateway/vault/lookup/group/v1"u8);

    /// <summary>Under what a record is found.</summary>
    public byte[] Key(string kind, string key) => Hash(_keys, kind, key);

    /// <summary>Under what the records of a group are found.</summary>
    public byte[] Group(string kind, string group) => Hash(_groups, kind, group);

    private static byte[] Hash(byte[] key, string kind, string value) =>
        HMACSHA256.HashData(key, new BindingWriter(kind).Add(value).ToArray());

    private static byte[] Derive(ReadOnlySpan<byte> root, ReadOnlySpan<byte> purpose)
    {
        var key = new byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, root, key, salt: [], purpose);
        return key;
    }
}
