using System.Security.Cryptography;
using AspireGateway.Gateway.Outbound.Discovery;
using AspireGateway.Gateway.Outbound.Registration;
using AspireGateway.Gateway.Targets.Credentials;
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
        using var key = PrivateKey.Load(client);
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
        public static PrivateKey Load(ClientRegistration client) =>
            new(PrivateKeyPem.Import(client.PrivateKey?.Reveal() ?? File.ReadAllText(client.PrivateKeyFile!)));

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
    }
}
