using AspireGateway.TestClient.OAuth;

namespace AspireGateway.TestClient;

/// <summary>Which server to talk to, and as whom.</summary>
internal sealed record ConnectionSettings(Uri Server)
{
    /// <summary>How authorization servers get to know this client.</summary>
    public ClientIdentity Identity { get; init; } = new ClientIdentity.Dynamic();

    /// <summary>Scopes to ask for; empty leaves it to the server's challenge.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Who signs in without a browser; null opens the browser.</summary>
    public SignInAs? User { get; init; }

    /// <summary>Who signs in at a third party without a browser; null is the same name and password.</summary>
    public SignInAs? ThirdParty { get; init; }

    /// <summary>Whether the server may ask for a consent with a URL.</summary>
    public bool TakesElicitations { get; init; } = true;

    /// <summary>MCP revision to insist on; null takes the newest that both sides know.</summary>
    public string? ProtocolVersion { get; init; }

    /// <summary>One JSON document instead of text.</summary>
    public bool Json { get; init; }
}

/// <summary>A user of the identity provider, with the password.</summary>
internal sealed record SignInAs(string Name, string Password)
{
    /// <summary>Without the password.</summary>
    public override string ToString() => $"SignInAs {{ Name = {Name} }}";
}
