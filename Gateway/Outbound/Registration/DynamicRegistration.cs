using System.Diagnostics;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Outbound.Discovery;
using AspireGateway.Gateway.Outbound.Http;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Vault;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Outbound.Registration;

/// <summary>
/// Dynamic client registration (RFC 7591), once for each target and issuer. Replicas that register at the same moment agree on the
/// registration that was stored first.
/// </summary>
internal sealed class DynamicRegistration(
    JsonDocuments documents,
    IRecordStore store,
    IOptions<GatewayOptions> gateway,
    IOptions<OutboundOptions> outbound,
    TimeProvider time,
    ILogger<DynamicRegistration> logger
)
{
    private static readonly string[] Preferred = ["client_secret_basic", "client_secret_post", "none"];

    private readonly JsonRecords<StoredRegistration> _records = new(store, StoredRegistration.Kind);

    public async Task<Outcome<ClientRegistration>> ForAsync(
        Target target,
        AuthorizationServer server,
        CancellationToken cancel
    )
    {
        var key = $"{target.Name} {server.Issuer}";
        if (await _records.FindAsync(key, cancel) is { } known)
        {
            return known.ToRegistration();
        }

        using var span = GatewayTelemetry.Start(Spans.Register, ActivityKind.Client);
        span?.SetTag(Tags.Target, target.Name.Value);
        var registered = await RegisterAsync(target, server, cancel);
        if (registered.Value is not { } answer)
        {
            span?.Fail(registered.Problem!.Reason);
            return registered.Problem!;
        }

        await _records.TryAddAsync(key, target.Name.Value, answer, answer.ExpiresAt, cancel);
        return (await _records.FindAsync(key, cancel) ?? answer).ToRegistration();
    }

    private async Task<Outcome<StoredRegistration>> RegisterAsync(
        Target target,
        AuthorizationServer server,
        CancellationToken cancel
    )
    {
        var method = Choose(server);
        using var request = new HttpRequestMessage(HttpMethod.Post, server.RegistrationEndpoint)
        {
            Content = JsonContent.Create(
                new JsonObject
                {
                    ["client_name"] = outbound.Value.ClientName,
                    ["client_uri"] = gateway.Value.PublicUrl.TrimEnd('/'),
                    ["redirect_uris"] = new JsonArray(RedirectUris.Of(gateway.Value, target.Name)),
                    ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
                    ["response_types"] = new JsonArray("code"),
                    ["token_endpoint_auth_method"] = method,
                    ["application_type"] = "web",
                }
            ),
        };
        request.Headers.Accept.ParseAdd("application/json");
        HttpAnswer answer;
        try
        {
            answer = await documents.SendAsync(request, cancel);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return Failed(target, server, exception.Message);
        }

        if (answer.Status is not (StatusCodes.Status201Created or StatusCodes.Status200OK))
        {
            return Failed(target, server, $"HTTP status {answer.Status}");
        }

        if (answer.TryReadObject() is not { } body || body["client_id"]?.ToString() is not { Length: > 0 } clientId)
        {
            return Failed(target, server, "the answer has no client_id");
        }

        logger.Registered(target.Name, server.Issuer);
        var secret = body["client_secret"]?.ToString();
        return new StoredRegistration(
            server.Issuer,
            clientId,
            secret,
            // RFC 7591 §3.2.1: the server may have chosen another method.
            body["token_endpoint_auth_method"]?.ToString() ?? (secret is null ? "none" : method),
            ExpiresAt(body)
        )
        {
            ManagementUrl = body["registration_client_uri"]?.ToString(),
            ManagementToken = body["registration_access_token"]?.ToString(),
        };
    }

    private OutboundProblem Failed(Target target, AuthorizationServer server, string problem)
    {
        logger.RegistrationFailed(target.Name, server.Issuer, problem);
        return new OutboundProblem(
            ErrorCodes.RegistrationFailed,
            $"The authorization server '{server.Issuer}' did not register the gateway ({problem}). Register it by hand (redirect URI {RedirectUris.Of(gateway.Value, target.Name)}) and set AuthorizationCode:ClientId of target '{target.Name}'."
        );
    }

    private static string Choose(AuthorizationServer server) =>
        server.TokenEndpointAuthMethods is { Count: > 0 } methods
            ? Preferred.FirstOrDefault(methods.Contains) ?? "none"
            : "client_secret_basic";

    // A moment that no calendar has is never, as 0 is.
    private DateTimeOffset? ExpiresAt(JsonObject body) =>
        body["client_secret_expires_at"] is JsonValue value
        && value.TryGetValue(out long seconds)
        && seconds > time.GetUtcNow().ToUnixTimeSeconds()
        && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
