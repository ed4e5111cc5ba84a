using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using AspireGateway.Gateway.Vault.Storage;

namespace AspireGateway.Gateway.Vault.Keys;

/// <summary>
/// The key that Development makes at the first run: a file beside the database, with an id of its own, so that a new file is
/// never taken for the one that is lost.
/// </summary>
internal static class DevelopmentKey
{
    private const string Prefix = "dev-";

    /// <summary>Reads the file; false when there is none.</summary>
    /// <exception cref="InvalidDataException">The file holds something else.</exception>
    public static bool TryRead(VaultFolder folder, [NotNullWhen(true)] out KeyEncryptionKey? key)
    {
        key = null;
        if (!File.Exists(folder.KeyFile))
        {
            return false;
        }

        var parts = File.ReadAllText(folder.KeyFile).Trim().Split(' ');
        if (
            parts.Length != 2
            || !parts[0].StartsWith(Prefix, StringComparison.Ordinal)
            || !KeyMaterial.TryParse(parts[1], out var material)
        )
        {
            throw new InvalidDataException($"The key file '{folder.KeyFile}' is damaged.");
        }

        key = new KeyEncryptionKey(parts[0], material);
        return true;
    }

    /// <summary>Makes the file, or reads what another process made at the same time.</summary>
    public static KeyEncryptionKey Create(VaultFolder folder)
    {
        var id = Prefix + RandomNumberGenerator.GetHexString(8, lowercase: true);
        var text = $"{id} {Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyMaterial.Size))}\n";
        OwnerOnly.WriteOnce(folder.KeyFile, text);
        return TryRead(folder, out var key)
            ? key
            : throw new InvalidDataException($"The key file '{folder.KeyFile}' vanished.");
    }
}
