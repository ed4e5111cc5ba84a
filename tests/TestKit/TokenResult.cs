using System.Net;
using System.Text.Json.Nodes;

namespace AspireGateway.TestKit;

/// <summary>The answer of a token endpoint.</summary>
/// <param name="Status">Its status code.</param>
/// <param name="Body">Its JSON.</param>
public sealed record TokenResult(HttpStatusCode Status, JsonObject Body)
{
    /// <summary>The access token.</summary>
    public string AccessToken => Required("access_token");

    /// <summary>The refresh token.</summary>
    public string RefreshToken => Required("refresh_token");

    /// <summary>The ID token.</summary>
    public string IdToken => Required("id_token");

    /// <summary>The error code, where there is one.</summary>
    public string? Error => (string?)Body["error"];

    /// <summary>The access token's payload.</summary>
    public JsonObject AccessTokenClaims => Jwt.Payload(AccessToken);

    private string Required(string name) =>
        (string?)Body[name]
        ?? throw new InvalidOperationException(
            $"No {name} in the answer {(int)Status}: {Error} {Body["error_description"]}"
        );
}
