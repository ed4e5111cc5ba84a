using AspireGateway.IdentityProvider.Realms;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AspireGateway.IdentityProvider.Protocol;

/// <summary>Adds to the metadata what OpenIddict does not know of: both ways in which a client becomes known.</summary>
internal sealed class DescribeServer(Realm realm) : IOpenIddictServerHandler<HandleConfigurationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<HandleConfigurationRequestContext>()
            .UseSingletonHandler<DescribeServer>()
            .SetOrder(OpenIddictServerHandlers.Discovery.AttachAdditionalMetadata.Descriptor.Order + 1)
            .Build();

    public ValueTask HandleAsync(HandleConfigurationRequestContext context)
    {
        context.Metadata["registration_endpoint"] = new Uri(realm.PublicUrl, realm.Paths.Register).AbsoluteUri;
        context.Metadata["client_id_metadata_document_supported"] = true;
        context.TokenEndpointAuthenticationMethods.Add("none");
        context.RevocationEndpointAuthenticationMethods.Add("none");
        return ValueTask.CompletedTask;
    }
}
