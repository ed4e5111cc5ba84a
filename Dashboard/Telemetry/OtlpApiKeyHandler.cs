using System.Security.Claims;
using System.Text.Encodings.Web;
using AspireGateway.Dashboard.Access;
using Grpc.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AspireGateway.Dashboard.Telemetry;

/// <summary>Lets in the processes that were given the API key, so that no other program of this machine fills the pages.</summary>
internal sealed class OtlpApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    DashboardOptions dashboard
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "otlp-api-key";
    public const string HeaderName = "x-otlp-api-key";

    private readonly byte[] _expected = LoginTokens.Hash(dashboard.OtlpApiKey);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var keys = Request.Headers[HeaderName];
        if (keys.Count == 0)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        if (keys.Count > 1 || !LoginTokens.Matches(_expected, keys[0]))
        {
            return Task.FromResult(AuthenticateResult.Fail("The API key is not the dashboard's."));
        }

        var process = new ClaimsPrincipal(new ClaimsIdentity(SchemeName));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(process, SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Log.TelemetryRefused(Logger, Request.Path);
        if (Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true)
        {
            // A gRPC answer without a message: the status travels in the headers.
            Response.StatusCode = StatusCodes.Status200OK;
            Response.ContentType = "application/grpc";
            Response.Headers["grpc-status"] = ((int)StatusCode.Unauthenticated).ToString();
            Response.Headers["grpc-message"] = $"{HeaderName} is missing or wrong";
            return Task.CompletedTask;
        }

        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = HeaderName;
        return Task.CompletedTask;
    }
}
