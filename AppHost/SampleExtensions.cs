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
    ) =>
        client
            .WaitFor(server)
            .WithArgs("call", server.McpUrl(), tool)
            .WithArgs([.. arguments.SelectMany(static argument => (string[])["--arg", argument])]);

    /// <summary>Has the client sign in by itself, where a person would use a browser.</summary>
    public static IResourceBuilder<ProjectResource> SignsInAs(
        this IResourceBuilder<ProjectResource> client,
        string user,
        IResourceBuilder<ParameterResource> password
    ) => client.WithArgs("--user", user).WithEnvironment("TESTCLIENT_PASSWORD", password);
}
