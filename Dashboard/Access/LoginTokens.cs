using System.Security.Cryptography;
using System.Text;

namespace AspireGateway.Dashboard.Access;

/// <summary>Compares secrets in constant time, and derives the cookie from the login token.</summary>
internal sealed class LoginTokens
{
    private readonly byte[] _loginToken;
    private readonly byte[] _cookie;

    public LoginTokens(DashboardOptions options)
    {
        _loginToken = Hash(options.LoginToken);
        // Not the token itself: who reads a cookie jar cannot print the login URL, and the other way round the cookie
        // stays valid when the same token is used again after a restart.
        CookieValue = Convert.ToHexStringLower(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(options.LoginToken), "dashboard cookie"u8)
        );
        _cookie = Hash(CookieValue);
    }

    public string CookieValue { get; }

    public bool IsLoginToken(string? presented) => Matches(_loginToken, presented);

    public bool IsCookie(string? presented) => Matches(_cookie, presented);

    // Hashing first makes both sides the same length, so that the comparison tells nothing about the secret's length.
    internal static bool Matches(byte[] expectedHash, string? presented) =>
        presented is not null && CryptographicOperations.FixedTimeEquals(expectedHash, Hash(presented));

    internal static byte[] Hash(string value) => SHA256.HashData(Encoding.UTF8.GetBytes(value));
}
