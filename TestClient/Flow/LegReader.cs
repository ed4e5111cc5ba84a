using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace AspireGateway.TestClient.Flow;

/// <summary>Reads what each leg says: for its line in the flow, for later steps, and to know the secrets in it.</summary>
internal sealed class LegReader(FlowLog log, FlowKnowledge known)
{
    private const int LargestDocument = 256 * 1024;

    private static readonly string[] SecretFields =
    [
        "access_token",
        "refresh_token",
        "id_token",
        "client_secret",
        "registration_access_token",
        "code",
        "code_verifier",
        "subject_token",
    ];

    /// <summary>Looks at a request before it is sent.</summary>
    public async Task BeforeAsync(Leg leg, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        log.Secrets.Add(request.Headers.Authorization?.Parameter);
        if (leg is not Leg.Token || request.Content is null)
        {
            return;
        }

        var form = QueryHelpers.ParseQuery(await request.Content.ReadAsStringAsync(cancellationToken));
        foreach (var field in SecretFields)
        {
            log.Secrets.Add(form.TryGetValue(field, out var value) ? value.ToString() : null);
        }
    }

    /// <summary>Looks at an answer and adds its event, and what follows from it.</summary>
    public async Task AfterAsync(
        Leg leg,
        FlowEvent answered,
        HttpResponseMessage response,
        CancellationToken cancellationToken
    )
    {
        if (leg is Leg.Mcp)
        {
            if (
                answered.Step is FlowStep.B9
                && response.IsSuccessStatusCode
                && known.Repetition is { Quiet: true } quiet
            )
            {
                quiet.Held = answered;
                return;
            }

            log.Add(answered);
            ReadChallenge(response);
            return;
        }

        var document = await ReadAsync(response, cancellationToken);
        if (document is { ValueKind: JsonValueKind.Object } json)
        {
            RememberSecrets(json);
            answered = answered with { Note = response.IsSuccessStatusCode ? Understand(leg, json) : Error(json) };
        }

        log.Add(answered);
    }

    private void ReadChallenge(HttpResponseMessage response)
    {
        if (response.StatusCode is not HttpStatusCode.Unauthorized && Challenge.Of(response)?.Error is null)
        {
            return;
        }

        var challenge = Challenge.Of(response);
        known.ResourceMetadataUrl = challenge?.ResourceMetadata ?? known.ResourceMetadataUrl;
        known.SteppingUp |= challenge?.Error is "insufficient_scope";
        log.Add(
            new(FlowStep.A2, known.SteppingUp ? "challenge: step up" : "challenge")
            {
                Note =
                    challenge?.ToString()
                    ?? "no WWW-Authenticate: Bearer, so the metadata is looked for at its usual place",
            }
        );
    }

    private string Understand(Leg leg, JsonElement json)
    {
        switch (leg)
        {
            case Leg.ResourceMetadata:
                return $"resource {Text(json, "resource")}, authorization server {Text(json, "authorization_servers")}";
            case Leg.ServerMetadata:
                known.Learn(json);
                return $"issuer {Text(json, "issuer")}";
            case Leg.Registration:
                known.Registered = true;
                return $"dynamic registration, client id {Text(json, "client_id")}";
            default:
                return $"{Text(json, "token_type")} token for scope {Text(json, "scope")}, {Text(json, "expires_in")} s";
        }
    }

    private static string Error(JsonElement json) =>
        $"{Text(json, "error")} {(json.TryGetProperty("error_description", out var why) ? why.ToString() : "")}".Trim();

    private void RememberSecrets(JsonElement json)
    {
        foreach (var field in SecretFields)
        {
            if (json.TryGetProperty(field, out var value) && value.ValueKind is JsonValueKind.String)
            {
                log.Secrets.Add(value.GetString());
            }
        }
    }

    private static string Text(JsonElement json, string name) =>
        !json.TryGetProperty(name, out var value) ? "(not told)"
        : value.ValueKind is JsonValueKind.Array ? string.Join(' ', value.EnumerateArray())
        : value.ToString();

    private static async Task<JsonElement?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        // Buffered, because the SDK reads it afterwards.
        await response.Content.LoadIntoBufferAsync(LargestDocument, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
