namespace AspireGateway.LocalHosting.Testing;

/// <summary>Ways to the resources of a running application.</summary>
public static class DistributedApplicationHostingTestingExtensions
{
    /// <summary>A client whose base address is an endpoint of the resource.</summary>
    public static HttpClient CreateHttpClient(
        this DistributedApplication app,
        string resourceName,
        string? endpointName = null
    ) =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
            }
        )
        {
            BaseAddress = app.GetEndpoint(resourceName, endpointName),
        };

    /// <summary>Address of an endpoint of the resource; of its only one when no name is given.</summary>
    public static Uri GetEndpoint(this DistributedApplication app, string resourceName, string? endpointName = null)
    {
        var resource = app.Model.Resources.FirstOrDefault(resource => resource.Name == resourceName);
        if (resource is not IResourceWithEndpoints owner)
        {
            throw new ArgumentException($"There is no resource '{resourceName}' with endpoints.", nameof(resourceName));
        }

        endpointName ??= Engine.ResourceDefinition.Of(owner).Endpoints.Single().Name;
        return new Uri(new EndpointReference(owner, endpointName).Url);
    }
}
