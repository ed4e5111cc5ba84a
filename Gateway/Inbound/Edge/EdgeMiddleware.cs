using AspireGateway.Gateway.Inbound.Challenge;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Inbound.Edge;

/// <summary>Step 1, before anybody is authenticated: the host that was asked for, the page that asks, and the shape of the request.</summary>
internal sealed class EdgeMiddleware(RequestDelegate next, EdgeRules rules, RefusalWriter refusals)
{
    public Task InvokeAsync(HttpContext context)
    {
        Arrival.Note(context);
        return rules.Check(context) is { } refusal ? refusals.RefuseAsync(context, refusal) : next(context);
    }
}

/// <summary>What a request must look like before its credentials are looked at.</summary>
internal sealed class EdgeRules(
    IOptions<GatewayOptions> gateway,
    IOptions<InboundOptions> inbound,
    IHostEnvironment environment
)
{
    private static readonly string[] LoopbackHosts = ["localhost", "127.0.0.1", "[::1]"];

    private readonly HashSet<string> _hosts = new(
        [
            new Uri(gateway.Value.PublicUrl).Host,
            .. gateway.Value.AllowedHosts,
            .. environment.IsDevelopment() ? LoopbackHosts : [],
        ],
        StringComparer.OrdinalIgnoreCase
    );

    private readonly HashSet<string> _origins = new(
        [new Uri(gateway.Value.PublicUrl).GetLeftPart(UriPartial.Authority), .. inbound.Value.AllowedOrigins],
        StringComparer.Ordinal
    );

    /// <summary>Returns why a request goes no further, or null.</summary>
    public Refusal? Check(HttpContext context) =>
        CheckHost(context)
        ?? CheckOrigin(context)
        ?? (context.IsMcpRequest() ? CheckContentType(context.Request) : null);

    // A page that made its name resolve to this address (DNS rebinding) still names its own host. Health probes come by address.
    private Refusal? CheckHost(HttpContext context) =>
        IsHealthProbe(context) || _hosts.Contains(context.Request.Host.Host)
            ? null
            : new Refusal(
                StatusCodes.Status400BadRequest,
                ErrorCodes.UnknownHost,
                "This host name is not served here. Use the public URL of the gateway, or add the name to Gateway:AllowedHosts."
            );

    private Refusal? CheckOrigin(HttpContext context)
    {
        var origin = context.Request.Headers.Origin;
        var isOpen =
            context.GetEndpoint()?.Metadata.GetMetadata<IEnableCorsAttribute>()?.PolicyName
            == InboundExtensions.OpenCorsPolicy;
        return origin.Count == 0 || isOpen || (origin is [{ } only] && _origins.Contains(only))
            ? null
            : new Refusal(
                StatusCodes.Status403Forbidden,
                ErrorCodes.ForeignOrigin,
                "Pages of this origin may not call the gateway. Add it to Gateway:Inbound:AllowedOrigins."
            );
    }

    private static Refusal? CheckContentType(HttpRequest request) =>
        !HttpMethods.IsPost(request.Method) || request.HasJsonContentType()
            ? null
            : new Refusal(
                StatusCodes.Status415UnsupportedMediaType,
                ErrorCodes.UnsupportedMediaType,
                "Send the JSON-RPC message as Content-Type: application/json."
            );

    private static bool IsHealthProbe(HttpContext context) =>
        context.Request.Path.Equals(ServiceDefaults.Extensions.HealthPath, StringComparison.Ordinal)
        || context.Request.Path.Equals(ServiceDefaults.Extensions.AlivePath, StringComparison.Ordinal);
}
