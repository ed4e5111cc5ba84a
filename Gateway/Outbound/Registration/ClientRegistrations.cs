using AspireGateway.Gateway.Outbound.Discovery;
using AspireGateway.Gateway.Targets;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Outbound.Registration;

/// <summary>
/// Makes the gateway known to an authorization server, in the order that MCP prefers: registered by hand, by the URL of a
/// metadata document, dynamically.
/// </summary>
internal sealed class ClientRegistrations(
    DynamicRegistration dynamic,
    IOptions<GatewayOptions> gateway,
    IOptions<OutboundOptions> outbound
)
{
    /// <summary>Path of the gateway's own metadata document.</summary>
    public const string DocumentPath = "/connect/client.json";

    /// <summary>The registration to use for a target.</summary>
    public async Task<Outcome<ClientRegistration>> ForAsync(
        Target target,
        AuthorizationServer server,
        CancellationToken cancel
    )
    {
        if (target.AuthorizationCode.ClientId.Length > 0)
        {
            return FromSettings(target, server);
        }

        if (server.AcceptsMetadataDocuments)
        {
            return new ClientRegistration(DocumentUrl, ClientAuthMethod.None);
        }

        return server.RegistrationEndpoint is null
            ? new OutboundProblem(
                ErrorCodes.NoRegistration,
                $"The authorization server '{server.Issuer}' takes neither metadata documents nor dynamic registration. Register the gateway there by hand (redirect URI {RedirectUris.Of(gateway.Value, target.Name)}) and set AuthorizationCode:ClientId and ClientSecret of target '{target.Name}'."
            )
            : await dynamic.ForAsync(target, server, cancel);
    }

    private string DocumentUrl =>
        outbound.Value.ClientMetadataDocument.Length > 0
            ? outbound.Value.ClientMetadataDocument
            : gateway.Value.Absolute(DocumentPath);

    private static ClientRegistration FromSettings(Target target, AuthorizationServer server)
    {
        var settings = target.AuthorizationCode;
        return new ClientRegistration(settings.ClientId, AuthMethod())
        {
            ClientSecret = settings.ClientSecret.Length > 0 ? new Secret(settings.ClientSecret) : null,
            PrivateKeyFile = settings.PrivateKeyFile.Length > 0 ? settings.PrivateKeyFile : null,
            PrivateKey = settings.PrivateKey.Length > 0 ? new Secret(settings.PrivateKey) : null,
            PrivateKeyId = settings.PrivateKeyId.Length > 0 ? settings.PrivateKeyId : null,
        };

        ClientAuthMethod AuthMethod() =>
            ClientAuthMethods.Parse(settings.TokenEndpointAuthMethod)
            ?? (
                settings.PrivateKeyFile.Length + settings.PrivateKey.Length > 0 ? ClientAuthMethod.PrivateKeyJwt
                : settings.ClientSecret.Length == 0 ? ClientAuthMethod.None
                // RFC 8414 §2: a server that does not say which takes Basic.
                : server.TokenEndpointAuthMethods.Count == 0
                || server.TokenEndpointAuthMethods.Contains("client_secret_basic", StringComparer.Ordinal)
                    ? ClientAuthMethod.ClientSecretBasic
                : ClientAuthMethod.ClientSecretPost
            );
    }
}

/// <summary>Where authorization servers send browsers back to: a path of its own for each target, so that an answer meant for one never ends at another.</summary>
internal static class RedirectUris
{
    public const string Path = "/connect/callback/";

    public static string Of(GatewayOptions gateway, TargetName target) => gateway.Absolute(Path + target);
}
