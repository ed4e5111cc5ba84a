namespace AspireGateway.IdentityProvider.Registration;

/// <summary>Which client ids name a document: https URLs, and http ones of this machine, since this server is for development.</summary>
internal static class MetadataDocumentUrl
{
    /// <summary>The URL, or null where the client id is an ordinary one.</summary>
    public static Uri? TryParse(string clientId) =>
        Uri.TryCreate(clientId, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" ? url : null;

    /// <summary>Why the URL cannot be a client id (draft-ietf-oauth-client-id-metadata-document §3), or null.</summary>
    public static string? Check(Uri url, string clientId)
    {
        if (url.AbsoluteUri != clientId)
        {
            return "the URL is not written in its canonical form";
        }

        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0 || url.AbsolutePath == "/")
        {
            return "the URL must have a path, and neither query, fragment nor user information";
        }

        return url.Scheme == Uri.UriSchemeHttps || Loopback.IsLoopbackHost(url)
            ? null
            : "the URL must be https; http is allowed for this machine only";
    }
}
