namespace AspireGateway.TestClient.OAuth;

/// <summary>How the authorization server gets to know this client.</summary>
internal abstract record ClientIdentity
{
    /// <summary>It registers itself at run time (RFC 7591).</summary>
    public sealed record Dynamic : ClientIdentity;

    /// <summary>An administrator has registered it.</summary>
    public sealed record Registered(string Id, string? Secret) : ClientIdentity
    {
        /// <summary>Without the secret.</summary>
        public override string ToString() => $"Registered {{ Id = {Id} }}";
    }

    /// <summary>
    /// Its client id is the URL of a document that describes it. Without an URL, this program serves the document itself
    /// while it runs.
    /// </summary>
    public sealed record Document(Uri? Url) : ClientIdentity;
}
