using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace AspireGateway.SampleMcpServer.Protection;

/// <summary>Makes the MCP endpoint an OAuth protected resource.</summary>
internal static class ProtectionExtensions
{
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256,
        SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.EcdsaSha256,
    ];

    /// <summary>Accepts access tokens of the resource's issuer that are meant for the resource, and no others.</summary>
    public static void AddProtection(this WebApplicationBuilder builder, ProtectedResource resource)
    {
        builder.Services.AddSingleton(resource);
        builder.Services.AddAuthorization();
        builder
            .Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer(options =>
            {
                options.Authority = resource.Issuer;
                options.RequireHttpsMetadata = !builder.Environment.IsDevelopment();
                options.MapInboundClaims = false;
                options.TokenValidationParameters = new()
                {
                    ValidIssuer = resource.Issuer,
                    ValidAudience = resource.Identifier,
                    ValidAlgorithms = Algorithms,
                    ValidTypes = ["JWT", "at+jwt"],
                    ClockSkew = TimeSpan.FromSeconds(30),
                };
                options.Events = new()
                {
                    OnTokenValidated = RequireSubject,
                    OnChallenge = challenge => Challenges.NotAuthenticatedAsync(challenge, resource),
                };
            });
    }

    /// <summary>Maps the metadata, and puts the checks before the MCP endpoint.</summary>
    public static void UseProtection(this WebApplication app, ProtectedResource resource)
    {
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseWhen(
            static context =>
                context.Request.Path.StartsWithSegments(SampleServer.McpPath, StringComparison.OrdinalIgnoreCase),
            mcp => mcp.UseMiddleware<ScopeCheck>(resource)
        );
        app.MapGet(ProtectedResource.MetadataPath, resource.Metadata).AllowAnonymous();
    }

    private static Task RequireSubject(TokenValidatedContext token)
    {
        if (string.IsNullOrEmpty(token.Principal?.FindFirst(CallerClaims.SubjectClaim)?.Value))
        {
            token.Fail("The token names nobody.");
        }

        return Task.CompletedTask;
    }
}
