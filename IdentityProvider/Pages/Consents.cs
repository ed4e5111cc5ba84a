using System.Collections.Immutable;
using System.Text.Json;
using AspireGateway.IdentityProvider.Realms;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AspireGateway.IdentityProvider.Pages;

/// <summary>
/// What people have allowed, kept as OpenIddict's permanent authorizations. The grants that tokens belong to are separate
/// ones: when a stolen refresh token ends its grant, the person's other sessions and the consent stay.
/// </summary>
internal sealed class Consents(
    IOpenIddictApplicationManager applications,
    IOpenIddictAuthorizationManager authorizations
)
{
    private const string ResourcesProperty = "resources";

    public async Task<bool> IsGivenAsync(ConsentRequest request, CancellationToken cancellationToken)
    {
        if (await applications.HasConsentTypeAsync(request.Client, ConsentTypes.Implicit, cancellationToken))
        {
            return true;
        }

        var given = authorizations.FindAsync(
            request.User.Subject,
            await applications.GetIdAsync(request.Client, cancellationToken),
            Statuses.Valid,
            AuthorizationTypes.Permanent,
            [.. request.ScopeNames],
            cancellationToken
        );
        await foreach (var consent in given)
        {
            var properties = await authorizations.GetPropertiesAsync(consent, cancellationToken);
            if (request.Resources.All(ResourcesOf(properties).Contains))
            {
                return true;
            }
        }

        return false;
    }

    public async Task RememberAsync(ConsentRequest request, CancellationToken cancellationToken)
    {
        var descriptor = new OpenIddictAuthorizationDescriptor
        {
            ApplicationId = await applications.GetIdAsync(request.Client, cancellationToken),
            Subject = request.User.Subject,
            Status = Statuses.Valid,
            Type = AuthorizationTypes.Permanent,
            Properties = { [ResourcesProperty] = JsonSerializer.SerializeToElement(request.Resources) },
        };
        descriptor.Scopes.UnionWith(request.ScopeNames);
        await authorizations.CreateAsync(descriptor, cancellationToken);
    }

    private static string[] ResourcesOf(ImmutableDictionary<string, JsonElement> properties) =>
        properties.TryGetValue(ResourcesProperty, out var value) ? value.Deserialize<string[]>() ?? [] : [];
}

/// <summary>What one client asks of one person: consent holds for exactly these, or fewer.</summary>
internal sealed record ConsentRequest(
    RealmUser User,
    object Client,
    IReadOnlyList<RealmScope> Scopes,
    IReadOnlyList<string> Resources
)
{
    public IEnumerable<string> ScopeNames => Scopes.Select(static scope => scope.Name);
}
