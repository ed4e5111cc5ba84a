using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.TestClient.Flow;

namespace AspireGateway.TestClient.OAuth;

/// <summary>
/// Registers the client without a list of scopes, so that the server gives it those that such clients may ask for. The SDK
/// registers the scopes of its first authorization request, and Keycloak then refuses every step-up: a client never gets
/// a scope that it was not registered with.
/// </summary>
internal sealed class RegistrationHandler(FlowKnowledge known) : DelegatingHandler
{
    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        if (
            Legs.Of(request, known) is Leg.Registration
            && request.Content is not null
            && JsonNode.Parse(await request.Content.ReadAsStringAsync(cancellationToken)) is JsonObject registration
            && registration.Remove("scope")
        )
        {
            request.Content = new StringContent(registration.ToJsonString(), Encoding.UTF8, "application/json");
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
