using AspireGateway.TestClient.Flow;
using ModelContextProtocol.Authentication;

namespace AspireGateway.TestClient.OAuth;

/// <summary>Tells the SDK who this client is, what it asks for, and who takes the person through the browser.</summary>
internal static class ClientSetup
{
    /// <summary>The name that people read on consent pages.</summary>
    public const string Name = "AspireGateway test client";

    /// <summary>Builds the SDK's options.</summary>
    public static ClientOAuthOptions Create(
        ClientIdentity identity,
        IReadOnlyList<string> scopes,
        FlowKnowledge known,
        CallbackListener listener,
        Authorizer authorizer,
        HeldTokens tokens
    )
    {
        var options = new ClientOAuthOptions
        {
            RedirectUri = listener.RedirectUri,
            TokenCache = tokens,
            AuthorizationCallbackHandler = authorizer.AuthorizeAsync,
            ScopeSelector = new ScopeChoice(scopes, known).Select,
        };
        switch (identity)
        {
            case ClientIdentity.Registered registered:
                options.ClientId = registered.Id;
                options.ClientSecret = registered.Secret;
                break;
            case ClientIdentity.Document document:
                // Not ClientMetadataDocumentUri: that one accepts no http on loopback, and falls back to dynamic
                // registration without a word where the server reads no documents.
                options.ClientId = (document.Url ?? listener.DocumentUrl).AbsoluteUri;
                break;
            default:
                options.DynamicClientRegistration = new() { ClientName = Name };
                break;
        }

        return options;
    }
}
