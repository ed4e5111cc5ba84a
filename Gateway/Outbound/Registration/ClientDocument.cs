using System.Text.Json.Nodes;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Credentials;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Outbound.Registration;

/// <summary>The gateway's own client id metadata document: authorization servers read it instead of a registration.</summary>
internal static class ClientDocument
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(
            ClientRegistrations.DocumentPath,
            static (IOptions<GatewayOptions> gateway, IOptions<OutboundOptions> outbound, TargetRegistry targets) =>
                Results.Text(Create(gateway.Value, outbound.Value, targets).ToJsonString(), "application/json")
        );

    private static JsonObject Create(GatewayOptions gateway, OutboundOptions outbound, TargetRegistry targets) =>
        new()
        {
            // The document's URL is the client id, character by character.
            ["client_id"] =
                outbound.ClientMetadataDocument.Length > 0
                    ? outbound.ClientMetadataDocument
                    : gateway.Absolute(ClientRegistrations.DocumentPath),
            ["client_name"] = outbound.ClientName,
            ["client_uri"] = gateway.PublicUrl.TrimEnd('/'),
            ["redirect_uris"] = new JsonArray([
                .. targets
                    .All.Where(static target => target.CredentialKind == CredentialKinds.AuthorizationCode)
                    .Select(target => (JsonNode)RedirectUris.Of(gateway, target.Name)),
            ]),
            ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
            ["response_types"] = new JsonArray("code"),
            ["token_endpoint_auth_method"] = "none",
            ["application_type"] = "web",
        };
}
