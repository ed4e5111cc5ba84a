namespace AspireGateway.IdentityProvider.Realms;

/// <summary>One realm as people read it: who can sign in, what can be asked for, what is protected, which programs are known.</summary>
internal sealed record Realm
{
    public required string Name { get; init; }

    public required string DisplayName { get; init; }

    /// <summary>Scheme, host and port of this process, with a slash at the end.</summary>
    public required Uri PublicUrl { get; init; }

    public required IReadOnlyList<RealmUser> Users { get; init; }

    public required IReadOnlyList<RealmScope> Scopes { get; init; }

    public required IReadOnlyList<RealmResource> Resources { get; init; }

    public required IReadOnlyList<RealmClient> Clients { get; init; }

    public RealmPaths Paths => field ??= new RealmPaths(Name);

    public Uri Issuer => new(PublicUrl, Paths.Root);

    public RealmUser? FindUser(string? subject) => Users.FirstOrDefault(user => user.Subject == subject);

    public RealmScope? FindScope(string name) => Scopes.FirstOrDefault(scope => scope.Name == name);

    public bool IsResource(string value) => Resources.Any(resource => resource.Contains(value));

    /// <summary>
    /// The scopes that the user gets of those that the client asked for. A scope that needs a role which the user lacks is
    /// left out silently, as Keycloak does; the token response tells the client what it got.
    /// </summary>
    public IEnumerable<RealmScope> Grantable(RealmUser? user, IEnumerable<string> requested) =>
        requested
            .Distinct(StringComparer.Ordinal)
            .Select(FindScope)
            .OfType<RealmScope>()
            .Where(scope => scope.Role is null || user?.Roles.Contains(scope.Role, StringComparer.Ordinal) == true);

    public static Realm From(IdentityProviderOptions options) =>
        options.Realm == CorpRealm.Name ? CorpRealm.Create(options) : PartnerRealm.Create(options);
}

internal sealed record RealmUser(string Subject, string Username, string GivenName, string FamilyName, string Email)
{
    public IReadOnlyList<string> Roles { get; init; } = [];

    public string FullName => $"{GivenName} {FamilyName}";
}

/// <param name="Name">Name on the wire.</param>
/// <param name="Description">What a person reads on the consent page.</param>
internal sealed record RealmScope(string Name, string Description)
{
    /// <summary>Resource that becomes the audience when the client names none (RFC 8707 without <c>resource</c>).</summary>
    public string? Resource { get; init; }

    /// <summary>Role that a user needs to get the scope.</summary>
    public string? Role { get; init; }
}

internal sealed record RealmResource(string Uri)
{
    /// <summary>Everything below the path is a resource of its own, as the gateway's <c>/mcp/{target}</c>.</summary>
    public bool WithPathsBelow { get; init; }

    /// <summary>
    /// Compared as text (RFC 8707 §2): only the canonical spelling of a URI below counts, so that no second spelling of
    /// one resource can end up in <c>aud</c>.
    /// </summary>
    public bool Contains(string value) =>
        value == Uri
        || (
            WithPathsBelow
            && value.StartsWith(Uri + "/", StringComparison.Ordinal)
            && System.Uri.TryCreate(value, UriKind.Absolute, out var uri)
            && uri.AbsoluteUri == value
            && uri.Query.Length == 0
            && uri.Fragment.Length == 0
        );
}

internal sealed record RealmClient(string ClientId, string DisplayName)
{
    /// <summary>A <c>*</c> at the end stands for any path; loopback URIs match with any port.</summary>
    public required IReadOnlyList<string> RedirectUris { get; init; }

    /// <summary>Where a sign-out may lead to, with the same pattern.</summary>
    public IReadOnlyList<string> PostLogoutRedirectUris { get; init; } = [];

    /// <summary>Confidential when set.</summary>
    public string? Secret { get; init; }

    /// <summary>People are asked before this client gets a token in their name.</summary>
    public bool AsksForConsent { get; init; } = true;
}
