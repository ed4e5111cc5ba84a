using AspireGateway.Dashboard;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>The addresses of a resource that a person can open: its endpoints as the model wants them shown.</summary>
internal static class ResourceUrls
{
    public static IReadOnlyList<ResourceUrl> Get(Resource resource)
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

        return urls;
    }
}
