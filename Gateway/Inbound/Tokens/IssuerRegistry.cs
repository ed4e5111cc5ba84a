using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;

namespace AspireGateway.Gateway.Inbound.Tokens;

/// <summary>The configured issuers with their metadata.</summary>
internal sealed class IssuerRegistry : IDisposable
{
    /// <summary>Name of the HTTP client that reads metadata and keys.</summary>
    public const string HttpClientName = "issuer";

    private readonly Dictionary<string, IssuerMetadata> _byIssuer;

    public IssuerRegistry(
        IOptions<InboundOptions> options,
        IHttpClientFactory clients,
        IHostEnvironment environment,
        TimeProvider time,
        ILogger<IssuerMetadata> logger
    )
    {
        var documents = new HttpDocumentRetriever(clients.CreateClient(HttpClientName))
        {
            RequireHttps = !environment.IsDevelopment(),
        };
        All = [.. options.Value.Issuers.Select(issuer => new IssuerMetadata(issuer, documents, time, logger))];
        _byIssuer = All.ToDictionary(static issuer => issuer.Options.TokenIssuer, StringComparer.Ordinal);
    }

    public IReadOnlyList<IssuerMetadata> All { get; }

    /// <summary>The issuer whose tokens carry this <c>iss</c>, compared character by character.</summary>
    public IssuerMetadata? Find(string iss) => _byIssuer.GetValueOrDefault(iss);

    public void Dispose()
    {
        foreach (var issuer in All)
        {
            issuer.Dispose();
        }
    }
}
