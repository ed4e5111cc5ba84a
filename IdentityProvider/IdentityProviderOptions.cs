namespace AspireGateway.IdentityProvider;

/// <summary>What one process of the identity provider is. Section <c>IdentityProvider</c>.</summary>
internal sealed class IdentityProviderOptions
{
    public const string Section = "IdentityProvider";

    /// <summary>The realm that this process plays: <c>corp</c> or <c>partner</c>.</summary>
    public string Realm { get; set; } = "";

    /// <summary>Base URL under which browsers and clients reach this process; the issuer is <c>…/realms/&lt;realm&gt;</c>.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>The gateway's public URL: the protected resource of <c>corp</c>, and where its sign-ins come back to.</summary>
    public string GatewayPublicUrl { get; set; } = "";

    /// <summary>The notes server's public URL: the protected resource of <c>partner</c>.</summary>
    public string NotesPublicUrl { get; set; } = "";

    /// <summary>Password of every demo user.</summary>
    public string DemoPassword { get; set; } = "";

    /// <summary>Secret of the gateway's own client; without it that client does not exist.</summary>
    public string? GatewayClientSecret { get; set; }

    /// <summary>Folder for the database and the keys. Not set: everything is in memory and gone at exit.</summary>
    public string? DataDirectory { get; set; }

    /// <summary>How long an access token lives.</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many clients may register themselves; one more makes the oldest of them disappear.</summary>
    public int MaxRegisteredClients { get; set; } = 500;
}
