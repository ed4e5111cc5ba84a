using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.TestKit.ThirdParty;

/// <summary>How a <see cref="FakeAuthorizationServer"/> behaves; honest by default.</summary>
public sealed class FakeServerBehaviour
{
    /// <summary>Whether it publishes metadata.</summary>
    public bool HasMetadata { get; set; } = true;

    /// <summary>Changes the metadata before it is published.</summary>
    public Action<JsonObject>? ChangeMetadata { get; set; }

    /// <summary>Value of <c>iss</c> in authorization responses: empty for its own, null for none.</summary>
    public string? AnswersIssuer { get; set; } = "";

    /// <summary>Whether the person says no.</summary>
    public bool Declines { get; set; }

    /// <summary>A scope that it does not give.</summary>
    public string Withholds { get; set; } = "";

    /// <summary>Whether it gives refresh tokens.</summary>
    public bool GivesRefreshTokens { get; set; } = true;

    /// <summary>Life of access tokens; null for answers without <c>expires_in</c>.</summary>
    public TimeSpan? TokenLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether those who register themselves may end that, too (RFC 7592).</summary>
    public bool ManagesRegistrations { get; set; }

    /// <summary>What it says about the person in the ID token, besides what the token needs; null for token answers without one.</summary>
    public JsonObject? Claims { get; set; }

    /// <summary>What its UserInfo endpoint says about the person; null for a server without one.</summary>
    public JsonObject? UserInfo { get; set; }

    /// <summary>Answers in place of the server, when it returns true.</summary>
    public Func<HttpContext, RecordedRequest, Task<bool>>? Override { get; set; }

    internal JsonObject Metadata(string issuer)
    {
        var metadata = new JsonObject
        {
            ["issuer"] = issuer,
            ["authorization_endpoint"] = issuer + "/authorize",
            ["token_endpoint"] = issuer + "/token",
            ["revocation_endpoint"] = issuer + "/revoke",
            ["registration_endpoint"] = issuer + "/register",
            ["response_types_supported"] = new JsonArray("code"),
            ["code_challenge_methods_supported"] = new JsonArray("S256"),
            ["authorization_response_iss_parameter_supported"] = AnswersIssuer is not null,
            ["scopes_supported"] = new JsonArray("notes:read"),
        };
        if (UserInfo is not null)
        {
            metadata["userinfo_endpoint"] = issuer + "/userinfo";
        }

        ChangeMetadata?.Invoke(metadata);
        return metadata;
    }
}
