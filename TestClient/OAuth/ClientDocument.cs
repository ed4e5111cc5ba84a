using System.Text.Json.Nodes;

namespace AspireGateway.TestClient.OAuth;

/// <summary>This client's metadata document: the JSON at the URL that is its client id.</summary>
internal static class ClientDocument
{
    /// <summary>Describes a public client with one loopback redirect URI.</summary>
    public static CallbackPage Create(Uri documentUrl, Uri redirectUri)
    {
        JsonObject document = new()
        {
            ["client_id"] = documentUrl.AbsoluteUri,
            ["client_name"] = ClientSetup.Name,
            ["client_uri"] = new Uri(documentUrl, "/").AbsoluteUri,
            ["redirect_uris"] = new JsonArray(redirectUri.AbsoluteUri),
            ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
            ["response_types"] = new JsonArray("code"),
            ["application_type"] = "native",
            ["token_endpoint_auth_method"] = "none",
        };
        return new(200, "application/json", document.ToJsonString());
    }
}
