using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace AspireGateway.Gateway.Inbound.Tokens;

/// <summary>What a request's <c>Authorization</c> header holds.</summary>
internal enum AuthorizationHeaderKind
{
    /// <summary>There is none.</summary>
    Missing,

    /// <summary>There are several, another scheme, or characters that no token has.</summary>
    Malformed,

    /// <summary>Exactly one bearer token.</summary>
    Bearer,
}

/// <summary>Reads <c>Authorization: Bearer b64token</c> (RFC 6750 §2.1) and nothing that is only nearly that.</summary>
internal static class AuthorizationHeader
{
    private const string Scheme = "Bearer ";

    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"
    );

    /// <summary>Longer tokens are refused: no provider issues them, and each costs a hash.</summary>
    public const int MaxTokenLength = 16 * 1024;

    public static AuthorizationHeaderKind Read(StringValues header, out ReadOnlySpan<char> token)
    {
        token = default;
        if (header.Count == 0)
        {
            return AuthorizationHeaderKind.Missing;
        }

        if (
            header.Count > 1
            || header[0] is not { } value
            || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        )
        {
            return AuthorizationHeaderKind.Malformed;
        }

        token = value.AsSpan(Scheme.Length);
        return token.Length is > 0 and <= MaxTokenLength && IsToken68(token)
            ? AuthorizationHeaderKind.Bearer
            : AuthorizationHeaderKind.Malformed;
    }

    /// <summary>The token of a header in which <see cref="Read"/> has found one.</summary>
    public static string TokenOf(string header) => header[Scheme.Length..];

    private static bool IsToken68(ReadOnlySpan<char> token)
    {
        var body = token.TrimEnd('=');
        return body.Length > 0 && !body.ContainsAnyExcept(TokenCharacters);
    }
}
