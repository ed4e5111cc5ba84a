using System.Net;
using System.Net.Http.Headers;
using AspireGateway.IdentityProvider.Realms;

namespace AspireGateway.IdentityProvider.Registration;

/// <summary>Fetches and checks client ID metadata documents. An answer is the client's metadata, or the reason why not.</summary>
internal sealed class MetadataDocuments(Realm realm) : IDisposable
{
    private const int MaxBytes = 5 * 1024;

    // Not from the factory, whose clients all know service discovery: a name of this system must not open a way into it.
    private readonly HttpClient _http = new(GuardedHttp.CreateHandler());

    public async Task<(ClientMetadata? Metadata, string? Problem)> ReadAsync(
        string clientId,
        Uri url,
        CancellationToken cancellationToken
    )
    {
        if (MetadataDocumentUrl.Check(url, clientId) is { } wrongUrl)
        {
            return (null, wrongUrl);
        }

        var (body, problem) = await FetchAsync(url, cancellationToken);
        if (body is null)
        {
            return (null, problem);
        }

        if (ClientMetadata.Parse(body) is not { } metadata)
        {
            return (null, "the document is no JSON object with client metadata");
        }

        return Check(metadata, clientId) is { } wrong ? (null, wrong) : (metadata, null);
    }

    public void Dispose() => _http.Dispose();

    private string? Check(ClientMetadata metadata, string clientId)
    {
        if (metadata.ClientId != clientId)
        {
            return "client_id in the document is not the document's URL";
        }

        // A document that everybody can read holds no secret.
        return metadata.TokenEndpointAuthMethod is not (null or "none")
            ? "token_endpoint_auth_method must be none"
            : ClientMetadataRules.Check(metadata, realm, IsAllowedRedirect)?.Description;
    }

    private static bool IsAllowedRedirect(Uri uri) => uri.Scheme == Uri.UriSchemeHttps || Loopback.IsRedirectUri(uri);

    private async Task<(byte[]? Body, string? Problem)> FetchAsync(Uri url, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            using var response = await _http.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                timeout.Token
            );
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return (null, $"the URL answered {(int)response.StatusCode}, not 200; redirects are not followed");
            }

            if (!IsJson(response.Content.Headers.ContentType?.MediaType))
            {
                return (null, "the content type is not application/json");
            }

            await using var stream = await response.Content.ReadAsStreamAsync(timeout.Token);
            var body = await LimitedReader.ReadAsync(stream, MaxBytes, timeout.Token);
            return body is null ? (null, $"the document is larger than {MaxBytes} bytes") : (body, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, "the document did not arrive within 5 seconds");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return (null, "the document could not be fetched");
        }
    }

    private static bool IsJson(string? mediaType) =>
        mediaType is not null
        && (
            mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (
                mediaType.StartsWith("application/", StringComparison.OrdinalIgnoreCase)
                && mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase)
            )
        );
}
