using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Telemetry;

/// <summary>
/// What spans say about a person: a keyed hash, good to find the traces of one person and no way back to who it is. Who knows a person's issuer
/// and subject could otherwise recognise them by hashing.
/// </summary>
internal sealed class UserHash(IOptions<TelemetryOptions> options)
{
    private const int Length = 16;

    private readonly byte[] _salt =
        options.Value.UserSalt.Length > 0
            ? Encoding.UTF8.GetBytes(options.Value.UserSalt)
            : RandomNumberGenerator.GetBytes(32);

    /// <summary>The hash of a person.</summary>
    public string Of(UserId user) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_salt, Encoding.UTF8.GetBytes(user.ToString())))[..Length];
}
