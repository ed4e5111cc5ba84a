using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Mcp.Requests;
using ModelContextProtocol.Server;

namespace AspireGateway.Gateway.Mcp.Aggregate;

/// <summary>
/// Hands what the pipeline knows of a request to the SDK's filters, through the request's own services: cheaper than an
/// <see cref="IHttpContextAccessor"/>, whose ambient value every await of every request would carry along.
/// </summary>
internal sealed class CurrentRequest
{
    private (HttpContext Http, McpRequest Request)? _value;

    public HttpContext Http => Value.Http;

    public Caller Caller => Value.Http.GetCaller()!;

    public McpRequest Request => Value.Request;

    private (HttpContext Http, McpRequest Request) Value =>
        _value ?? throw new InvalidOperationException("The MCP pipeline did not run.");

    /// <summary>The request that a message of the SDK's server belongs to.</summary>
    public static CurrentRequest Of(MessageContext context) => context.Services!.GetRequiredService<CurrentRequest>();

    public void Set(HttpContext http, McpRequest request) => _value = (http, request);
}
