using System.Security.Cryptography;

namespace AspireGateway.Gateway.Targets.Credentials;

/// <summary>Private keys in PEM form, RSA or EC.</summary>
internal static class PrivateKeyPem
{
    /// <summary>Whether <see cref="Import"/> takes it.</summary>
    public static bool IsUsable(string pem)
    {
        try
        {
            using var key = Import(pem);
            return key is RSA rsa
                ? rsa.ExportParameters(true).D is not null
                : ((ECDsa)key).ExportParameters(true).D is not null;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Reads a key.</summary>
    /// <exception cref="CryptographicException">It is of another kind.</exception>
    /// <exception cref="ArgumentException">There is none, or it is protected by a password.</exception>
    public static AsymmetricAlgorithm Import(string pem)
    {
        if (pem.Contains("EC PRIVATE KEY", StringComparison.Ordinal))
        {
            return ImportEc(pem);
        }

        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            return rsa;
        }
        catch (CryptographicException)
        {
            // PKCS #8 does not say in its label which algorithm it is for.
            rsa.Dispose();
            return ImportEc(pem);
        }
        catch
        {
            rsa.Dispose();
            throw;
        }
    }

    private static ECDsa ImportEc(string pem)
    {
        var ec = ECDsa.Create();
        try
        {
            ec.ImportFromPem(pem);
            return ec;
        }
        catch
        {
            ec.Dispose();
            throw;
        }
    }
}
