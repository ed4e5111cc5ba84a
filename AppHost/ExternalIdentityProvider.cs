namespace AspireGateway.AppHost;

internal static class ExternalIdentityProvider
{
    /// <summary>Takes identity providers that are there already: the parameters are their issuers' URLs.</summary>
    public static IdentityRealms AddExternalIdentityProvider(
        this IDistributedApplicationBuilder builder,
        IResourceBuilder<ParameterResource> demoPassword,
        IResourceBuilder<ParameterResource> gatewaySecret
    )
    {
        return new IdentityRealms(Add("corp"), Add("partner"), demoPassword, gatewaySecret);

        Authority Add(string realm)
        {
            var issuer = builder.AddParameter($"{realm}-issuer");
            // Whoever runs it has to know the resources; nothing can be told from here.
            return new Authority(realm, ReferenceExpression.Create($"{issuer}"), Server: null, static _ => { });
        }
    }
}
