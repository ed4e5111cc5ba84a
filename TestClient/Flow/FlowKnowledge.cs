using System.Text.Json;

namespace AspireGateway.TestClient.Flow;

/// <summary>What the metadata of the resource and of the authorization server told, as far as later steps need it.</summary>
internal sealed class FlowKnowledge
{
    /// <summary>The authorization server's metadata.</summary>
    public AuthorizationServer? Server { get; private set; }

    /// <summary>Where the challenge said that the resource's metadata is.</summary>
    public string? ResourceMetadataUrl { get; set; }

    /// <summary>A 403 asked for more scopes, so the next authorization asks for them too.</summary>
    public bool SteppingUp { get; set; }

    /// <summary>Whether a registration has taken place; it happens once per run.</summary>
    public bool Registered { get; set; }

    /// <summary>Set while a call is repeated after a consent.</summary>
    public CallRepetition? Repetition { get; set; }

    /// <summary>Remembers the authorization server's metadata.</summary>
    public void Learn(JsonElement metadata) =>
        Server = new(
            Text(metadata, "issuer"),
            Text(metadata, "registration_endpoint"),
            Text(metadata, "token_endpoint"),
            Flag(metadata, "authorization_response_iss_parameter_supported"),
            Flag(metadata, "client_id_metadata_document_supported")
        );

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static bool Flag(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True;
}

/// <summary>A call that is made again (step B9).</summary>
/// <param name="Quiet">
/// A person may take long, and the call is tried until they are done: only the last one gets a line.
/// </param>
internal sealed record CallRepetition(bool Quiet)
{
    /// <summary>The line of the last one.</summary>
    public FlowEvent? Held { get; set; }
}

/// <summary>An authorization server's metadata.</summary>
internal sealed record AuthorizationServer(
    string? Issuer,
    string? RegistrationEndpoint,
    string? TokenEndpoint,
    bool SendsIssuer,
    bool ReadsClientDocuments
);
