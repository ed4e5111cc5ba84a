using System.Security.Cryptography;
using AspireGateway.Gateway.Outbound.Discovery;
using AspireGateway.Gateway.Outbound.Registration;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AspireGateway.Gateway.Outbound.AuthorizationCode;

/// <summary>Signs the assertions of <c>private_key_jwt</c> (RFC 7523 §3).</summary>
internal sealed class ClientAssertions(TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    /// <summary>An assertion for one request.</summary>
    public string Create(ClientRegistration client, AuthorizationServer server)
    {
        var now = time.GetUtcNow().UtcDateTime;
        using var key = PrivateKey.Load(client.PrivateKeyFile!);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = client.ClientId,
                // The token endpoint's URL is what every server accepts (OpenID Connect Core §9).
                Audience = server.TokenEndpoint.AbsoluteUri,
                IssuedAt = now,
                Expires = now + Lifetime,
                Claims = new Dictionary<string, object>(StringComparer.Ordinal)
                {
                    ["sub"] = client.ClientId,
                    ["jti"] = Guid.NewGuid().ToString("N"),
                },
                SigningCredentials = key.Credentials(client.PrivateKeyId),
            }
        );
    }

    private sealed class PrivateKey(AsymmetricAlgorithm key) : IDisposable
    {
        public static PrivateKey Load(string file)
        {
            var pem = File.ReadAllText(file);
            if (pem.Contains("EC PRIVATE KEY", StringComparison.Ordinal))
            {
                return new PrivateKey(ImportEc(pem));
            }

            var rsa = RSA.Create();
            try
            {
                rsa.ImportFromPem(pem);
                return new PrivateKey(rsa);
            }
            catch (CryptographicException)
            {
                // PKCS #8 does not say in its label which algorithm it is for.
                rsa.Dispose();
                return new PrivateKey(ImportEc(pem));
            }
        }

        public SigningCredentials Credentials(string? keyId)
        {
            SecurityKey securityKey = key is RSA rsa
                ? new RsaSecurityKey(rsa) { KeyId = keyId }
                : new ECDsaSecurityKey((ECDsa)key) { KeyId = keyId };
            // The cache of the library would outlive the key.
            securityKey.CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false };
            return new SigningCredentials(
                securityKey,
                key is RSA ? SecurityAlgorithms.RsaSha256
                    : key.KeySize == 384 ? SecurityAlgorithms.EcdsaSha384
                    : SecurityAlgorithms.EcdsaSha256
            );
        }

        public void Dispose() => key.Dispose();

        private static ECDsa ImportEc(string pem)
        {
            var ec = ECDsa.Create();
            ec.ImportFromPem(pem);
            return ec;
        }
    }
}
