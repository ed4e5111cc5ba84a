using AspireGateway.Dashboard;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>The addresses of a resource that a person can open: its endpoints as the model wants them shown, and more.</summary>
internal static class ResourceUrls
{
    public static async Task<IReadOnlyList<ResourceUrl>> GetAsync(
        Resource resource,
        CancellationToken cancellationToken
    )
    {
        var definition = resource.Definition;
        var urls = new List<ResourceUrl>();
        foreach (var endpoint in definition.Endpoints)
        {
            var reference = new EndpointReference((IResourceWithEndpoints)resource, endpoint.Name);
            var url = new ResourceUrlAnnotation { Url = reference.Url, Endpoint = reference };
            foreach (var (_, change) in definition.UrlCallbacks.Where(entry => entry.Endpoint == endpoint.Name))
            {
                change(url);
            }

            var absolute = new Uri(new Uri(reference.Url), url.Url).ToString().TrimEnd('/');
            urls.Add(new ResourceUrl(url.DisplayText ?? endpoint.Name, absolute));
        }

        foreach (var url in definition.Urls)
        {
            var text = await url.Url.GetValueAsync(cancellationToken) ?? string.Empty;
            urls.Add(new ResourceUrl(url.DisplayText ?? text, text));
        }

        return urls;
    }
}
