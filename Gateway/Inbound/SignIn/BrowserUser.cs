namespace AspireGateway.Gateway.Inbound.SignIn;

/// <summary>A person at the gateway's own pages.</summary>
/// <param name="User">The same identity that this person's access tokens have.</param>
/// <param name="DisplayName">What the issuer calls them, to be shown to them only.</param>
internal sealed record BrowserUser(UserId User, string DisplayName);
