namespace AspireGateway.AppHost.Keycloak;

/// <summary>What the placeholders in the realm files stand for; see realms/README.md.</summary>
internal sealed class RealmPlaceholders
{
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);

    /// <summary>The placeholders.</summary>
    public IEnumerable<string> Names => _values.Keys;

    /// <summary>Gives one a value: a text, a parameter, or an endpoint whose address it becomes.</summary>
    public object this[string name]
    {
        set => _values[name] = value;
    }

    /// <summary>Hands them to Keycloak, which finds them in its environment.</summary>
    public void AddTo(EnvironmentCallbackContext context)
    {
        foreach (var (name, value) in _values)
        {
            // The address that people type and tokens carry. A container would be given another one, its own way to the host.
            context.EnvironmentVariables[name] =
                value is EndpointReference endpoint && context.ExecutionContext.IsRunMode ? endpoint.Url : value;
        }
    }

    /// <summary>Both realms of one Keycloak.</summary>
    public IdentityRealms ToRealms(
        IResourceBuilder<IResourceWithEndpoints> server,
        IResourceBuilder<ParameterResource> demoPassword,
        IResourceBuilder<ParameterResource> gatewaySecret
    )
    {
        var address = server.GetEndpoint("http");
        this["DEMO_PASSWORD"] = demoPassword.Resource;
        this["GATEWAY_CLIENT_SECRET"] = gatewaySecret.Resource;

        // Until a server asks to be protected, Keycloak is its own resource: its tokens open nothing.
        this["GATEWAY_PUBLIC_URL"] = address;
        this["NOTES_PUBLIC_URL"] = address;
        return new IdentityRealms(
            ToAuthority("corp", "GATEWAY_PUBLIC_URL"),
            ToAuthority("partner", "NOTES_PUBLIC_URL"),
            demoPassword,
            gatewaySecret
        );

        Authority ToAuthority(string realm, string placeholder) =>
            new(
                realm,
                ReferenceExpression.Create($"{address}/realms/{realm}"),
                server,
                resource => this[placeholder] = resource
            );
    }
}
