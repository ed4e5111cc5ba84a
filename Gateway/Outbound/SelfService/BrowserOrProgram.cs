using Microsoft.AspNetCore.Routing.Matching;

namespace AspireGateway.Gateway.Outbound.SelfService;

/// <summary>Says for whom one of two endpoints of the same path is.</summary>
internal sealed class AudienceMetadata(bool isForBrowsers)
{
    public static readonly AudienceMetadata Browsers = new(isForBrowsers: true);
    public static readonly AudienceMetadata Programs = new(isForBrowsers: false);

    public bool IsForBrowsers => isForBrowsers;
}

/// <summary>
/// Chooses between a page and its API by what is asked for. The API is the rule, with its access token and its challenge; the page,
/// which looks after itself, is for requests that want HTML and bring no token.
/// </summary>
internal sealed class BrowserOrProgram : MatcherPolicy, IEndpointSelectorPolicy
{
    // Behind the HTTP method, which is decided in the routing tree.
    public override int Order => 0;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) =>
        endpoints.Any(static endpoint => endpoint.Metadata.GetMetadata<AudienceMetadata>() is not null);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        var isBrowser = IsBrowser(httpContext.Request);
        for (var i = 0; i < candidates.Count; i++)
        {
            if (
                candidates.IsValidCandidate(i)
                && candidates[i].Endpoint.Metadata.GetMetadata<AudienceMetadata>() is { } audience
                && audience.IsForBrowsers != isBrowser
            )
            {
                candidates.SetValidity(i, false);
            }
        }

        return Task.CompletedTask;
    }

    private static bool IsBrowser(HttpRequest request) =>
        request.Headers.Authorization.Count == 0
        && request
            .GetTypedHeaders()
            .Accept.Any(static accepted => accepted.MediaType == "text/html" && accepted.Quality is not 0);
}
