using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace AspireGateway.IdentityProvider.Pages;

/// <summary>
/// The authorization request travels through the login page sealed, so that after the sign-in the browser can only go on
/// with a request that this server has checked.
/// </summary>
internal sealed class PendingRequests(IDataProtectionProvider protection)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private readonly ITimeLimitedDataProtector _protector = protection
        .CreateProtector("AspireGateway.IdentityProvider.PendingRequest")
        .ToTimeLimitedDataProtector();

    public string Seal(PendingRequest request) => _protector.Protect(JsonSerializer.Serialize(request), Lifetime);

    public PendingRequest? Open(string? value)
    {
        try
        {
            return string.IsNullOrEmpty(value)
                ? null
                : JsonSerializer.Deserialize<PendingRequest>(_protector.Unprotect(value));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

/// <param name="Query">Query string of the authorization request, with its question mark.</param>
/// <param name="ClientName">Who asks.</param>
/// <param name="RedirectUri">Where the flow ends.</param>
internal sealed record PendingRequest(string Query, string ClientName, string RedirectUri);
