using System.Security.Cryptography;
using System.Text.Json.Serialization;
using AspireGateway.IdentityProvider.Protocol;
using AspireGateway.IdentityProvider.Realms;
using Microsoft.AspNetCore.WebUtilities;

namespace AspireGateway.IdentityProvider.Registration;

/// <summary>A5 of the flow by dynamic registration (RFC 7591): open to every program on this machine, for loopback only.</summary>
internal static class RegistrationEndpoint
{
    private const int MaxBody = 16 * 1024;

    public static async Task<IResult> HandleAsync(
        HttpContext http,
        Realm realm,
        RegisteredClients clients,
        TimeProvider time,
        ILogger<RegisteredClients> logger
    )
    {
        http.Response.Headers.CacheControl = "no-store";
        var (metadata, error) = await ReadAsync(http);
        error ??= ClientMetadataRules.Check(metadata!, realm, Loopback.IsRedirectUri) ?? CheckAuthentication(metadata!);
        if (error is not null)
        {
            logger.RegistrationRefused(error.Code, error.Description);
            return Results.Json(
                new ErrorResponse(error.Code, error.Description),
                statusCode: StatusCodes.Status400BadRequest
            );
        }

        var method = metadata!.TokenEndpointAuthMethod ?? "client_secret_basic";
        var client = new RealmClient(RandomText(16), metadata.ClientName ?? "")
        {
            RedirectUris = metadata.RedirectUris!,
            Secret = method == "none" ? null : RandomText(32),
        };
        await clients.AddAsync(ClientDescriptions.Describe(client), fromDocument: false, http.RequestAborted);
        return Results.Json(
            RegistrationResponse.Of(client, metadata, method, realm, time.GetUtcNow()),
            statusCode: StatusCodes.Status201Created
        );
    }

    private static async Task<(ClientMetadata? Metadata, MetadataError? Error)> ReadAsync(HttpContext http)
    {
        if (!http.Request.HasJsonContentType())
        {
            return (null, Invalid("Send the client metadata as application/json."));
        }

        var body = await LimitedReader.ReadAsync(http.Request.Body, MaxBody, http.RequestAborted);
        if (body is null)
        {
            return (null, Invalid($"The client metadata is larger than {MaxBody} bytes."));
        }

        return ClientMetadata.Parse(body) is { } metadata
            ? (metadata, null)
            : (null, Invalid("The client metadata is no valid JSON object: check the types of its members."));
    }

    private static MetadataError? CheckAuthentication(ClientMetadata metadata) =>
        metadata.TokenEndpointAuthMethod is null or "none" or "client_secret_basic" or "client_secret_post"
            ? null
            : Invalid("token_endpoint_auth_method must be none, client_secret_basic or client_secret_post.");

    private static MetadataError Invalid(string description) => new(MetadataError.InvalidClientMetadata, description);

    private static string RandomText(int bytes) => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(bytes));

    private sealed record ErrorResponse(
        [property: JsonPropertyName("error")] string Error,
        [property: JsonPropertyName("error_description")] string Description
    );
}
