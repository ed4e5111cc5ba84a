using AspireGateway.IdentityProvider.Realms;
using AspireGateway.IdentityProvider.Registration;
using AspireGateway.IdentityProvider.Storage;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AspireGateway.IdentityProvider.Protocol;

/// <summary>
/// A5 of the flow by metadata document: a client id that is a URL becomes a known client before OpenIddict looks for it.
/// Only here, at the start of a flow: the token endpoint needs no document, so a client whose server is down keeps its grants.
/// </summary>
internal sealed class ReadMetadataDocument(
    Realm realm,
    MetadataDocuments documents,
    RegisteredClients clients,
    TimeProvider time,
    ILogger<ReadMetadataDocument> logger
) : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
{
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ValidateAuthorizationRequestContext>()
            .UseScopedHandler<ReadMetadataDocument>()
            .SetOrder(OpenIddictServerHandlers.Authentication.ValidateClientIdParameter.Descriptor.Order + 1)
            .Build();

    public async ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        var clientId = context.ClientId ?? "";
        // The gateway's own client id is a URL too, but one that the realm itself defines.
        if (
            MetadataDocumentUrl.TryParse(clientId) is not { } url
            || realm.Clients.Any(client => client.ClientId == clientId)
        )
        {
            return;
        }

        var known = await clients.FindAsync(clientId, context.CancellationToken);
        if (known is not null && !IsStale(known))
        {
            return;
        }

        var (metadata, problem) = await documents.ReadAsync(clientId, url, context.CancellationToken);
        if (metadata is null)
        {
            logger.DocumentRefused(clientId, problem!);
            context.Reject(Errors.InvalidClient, $"The client's metadata document cannot be used: {problem}.");
            return;
        }

        var description = ClientDescriptions.Describe(
            new RealmClient(clientId, metadata.ClientName ?? "") { RedirectUris = metadata.RedirectUris! }
        );
        await (
            known is null
                ? clients.AddAsync(description, fromDocument: true, context.CancellationToken)
                : clients.UpdateAsync(known, description, context.CancellationToken)
        );
    }

    private bool IsStale(ClientRegistration known) =>
        time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(known.DocumentReadAt ?? 0) > Freshness;
}
