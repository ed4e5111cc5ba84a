using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AspireGateway.Gateway.Inbound.Edge;

/// <summary>What browsers let pages of other origins do (Fetch standard, CORS protocol).</summary>
internal static class CorsPolicies
{
    // A page must be able to read the challenge, or it cannot start a sign-in.
    private static readonly string[] ExposedHeaders =
    [
        HeaderNames.WWWAuthenticate,
        "Mcp-Session-Id",
        "MCP-Protocol-Version",
        HeaderNames.RetryAfter,
    ];

    public static void Add(CorsOptions options, IOptions<InboundOptions> inbound)
    {
        options.AddPolicy(
            InboundExtensions.OpenCorsPolicy,
            static policy => policy.AllowAnyOrigin().WithMethods("GET").AllowAnyHeader()
        );
        options.AddPolicy(
            InboundExtensions.McpCorsPolicy,
            policy =>
                policy
                    .WithOrigins([.. inbound.Value.AllowedOrigins])
                    .WithMethods("GET", "POST", "DELETE")
                    .AllowAnyHeader()
                    .WithExposedHeaders(ExposedHeaders)
                    .SetPreflightMaxAge(TimeSpan.FromHours(1))
        );
    }
}
