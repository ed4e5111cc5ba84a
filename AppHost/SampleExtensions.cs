namespace AspireGateway.AppHost;

internal static class SampleExtensions
{
    /// <summary>Adds the sample MCP server as one of its samples; the launch profile of that name says which.</summary>
    public static IResourceBuilder<ProjectResource> AddSampleMcpServer(
        this IDistributedApplicationBuilder builder,
        string sample
    ) =>
        builder
            .AddProject<Projects.SampleMcpServer>(sample, launchProfileName: sample)
            .WithHttpHealthCheck("/health")
            .WithUrlForEndpoint("http", url => url.Url = "/mcp");

    /// <summary>Has the sample accept access tokens of this realm only, which learns that it issues them for the sample.</summary>
    public static IResourceBuilder<ProjectResource> ProtectedBy(
        this IResourceBuilder<ProjectResource> sample,
        Authority authority
    )
    {
        authority.Protects(sample.GetEndpoint("http"));
        if (authority.Server is { } server)
        {
            sample.WaitFor(server);
        }

        return sample
            .WithEnvironment("SampleMcpServer__PublicUrl", sample.GetEndpoint("http"))
            .WithEnvironment("SampleMcpServer__Authority", authority.Url);
    }

    /// <summary>Adds an MCP client, which runs once and ends.</summary>
    public static IResourceBuilder<ProjectResource> AddTestClient(
        this IDistributedApplicationBuilder builder,
        string name
    ) => builder.AddProject<Projects.TestClient>(name);

    /// <summary>Has the client call one tool, when the server is there.</summary>
    public static IResourceBuilder<ProjectResource> CallsTool(
        this IResourceBuilder<ProjectResource> client,
        IResourceBuilder<ProjectResource> server,
        string tool,
        params string[] arguments
    ) => client.WaitFor(server).WithArgs("call", server.McpUrl(), tool).WithArgs(Arguments(arguments));

    /// <summary>Has the client call another tool after that.</summary>
    public static IResourceBuilder<ProjectResource> ThenCallsTool(
        this IResourceBuilder<ProjectResource> client,
        string tool,
        params string[] arguments
    ) => client.WithArgs("--then", tool).WithArgs(Arguments(arguments));

    /// <summary>Has the client sign in by itself, where a person would use a browser.</summary>
    public static IResourceBuilder<ProjectResource> SignsInAs(
        this IResourceBuilder<ProjectResource> client,
        string user,
        IResourceBuilder<ParameterResource> password
    ) => client.WithArgs("--user", user).WithEnvironment("TESTCLIENT_PASSWORD", password);

    /// <summary>Has the client consent by itself at another company, as somebody who has an account there.</summary>
    public static IResourceBuilder<ProjectResource> ConsentsAs(
        this IResourceBuilder<ProjectResource> client,
        string user,
        IResourceBuilder<ParameterResource> password
    ) => client.WithArgs("--third-party-user", user).WithEnvironment("TESTCLIENT_THIRD_PARTY_PASSWORD", password);

    private static object[] Arguments(string[] arguments) =>
        [.. arguments.SelectMany(static argument => (string[])["--arg", argument])];
}
