using System.Globalization;

namespace AspireGateway.AppHost;

/// <summary>How the gateway treats one of its targets.</summary>
internal sealed class GatewayTarget(IResourceBuilder<ProjectResource> gateway, string settings)
{
    // The gateway's registration at a third party, the same in every realm file.
    private const string ClientId = "aspire-gateway";

    /// <summary>
    /// The target is protected by this realm: each person is asked once to let the gateway act for them there, with these scopes.
    /// </summary>
    public GatewayTarget WithUserConsent(Authority authority, params string[] scopes)
    {
        With("Credential", "authorization_code");
        With("AuthorizationCode__ClientId", ClientId);
        // Said and not discovered, because the realm may be another one tomorrow: Keycloak's instead of the embedded one's.
        With("AuthorizationCode__Issuer", authority.Url);
        if (authority.GatewaySecret is { } secret)
        {
            gateway.WithEnvironment($"{settings}AuthorizationCode__ClientSecret", secret);
        }

        foreach (var (index, scope) in scopes.Index())
        {
            With($"AuthorizationCode__Scopes__{index.ToString(CultureInfo.InvariantCulture)}", scope);
        }

        return this;
    }

    /// <summary>What is listed before anybody has consented: a file with the answer to <c>tools/list</c>, relative to the AppHost.</summary>
    public GatewayTarget WithTools(string file) =>
        With("ToolsFile", Path.GetFullPath(file, gateway.ApplicationBuilder.AppHostDirectory));

    internal GatewayTarget With(string setting, string value)
    {
        gateway.WithEnvironment(settings + setting, value);
        return this;
    }

    internal GatewayTarget With(string setting, ReferenceExpression value)
    {
        gateway.WithEnvironment(settings + setting, value);
        return this;
    }
}
