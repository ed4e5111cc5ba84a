using AspireGateway.SampleMcpServer.Protection;
using ModelContextProtocol.AspNetCore;

namespace AspireGateway.SampleMcpServer;

/// <summary>One of the servers that this process can play.</summary>
/// <param name="Name">The name that configuration uses.</param>
/// <param name="Add">Adds its tools and whatever else it offers.</param>
internal sealed record Sample(string Name, Action<IMcpServerBuilder> Add)
{
    /// <summary>The scopes that callers need; null for a server that lets everybody in.</summary>
    public ScopePolicy? Scopes { get; init; }

    /// <summary>
    /// How the endpoint keeps state. By default not at all, so that any replica can answer any request; then the server cannot ask
    /// clients of older revisions anything, which takes a session.
    /// </summary>
    public HttpServerSessionMode SessionMode { get; init; } = HttpServerSessionMode.Stateless;
}
