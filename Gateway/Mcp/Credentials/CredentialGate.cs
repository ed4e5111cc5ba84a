using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Mcp.Sessions;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Credentials;

namespace AspireGateway.Gateway.Mcp.Credentials;

/// <summary>Steps 6 and 8 for both endpoints: gets the credential of a request, or the answer that takes its place.</summary>
internal sealed class CredentialGate(
    ITargetCredentials credentials,
    RequestStates states,
    ConsentAnswers answers,
    VisibleCatalogue tools
)
{
    // The first one refreshes or finds that somebody has refreshed; after the second, the person is asked or told.
    private const int MaxRefusals = 2;

    private static readonly byte[] OverrideMarker = "credentialProviderConfiguration"u8.ToArray();

    /// <summary>Step 6.</summary>
    public async ValueTask<Passage> EnterAsync(HttpContext context, McpRequest request, Target target)
    {
        if (!target.NeedsPerson)
        {
            return Passage.Free;
        }

        var cancel = context.RequestAborted;
        var parameters = NeedsParameters(request) ? Parameters(request) : null;
        var client = ClientContext.Of(context);
        var passage = new Passage(client, parameters, ToCredentialRequest(client, request, target, parameters));
        if (RequestStates.IsOurs(parameters) && await CheckAnswerAsync(passage, request, cancel) is { } problem)
        {
            return passage with { Reply = problem };
        }

        return Decide(passage, request, await credentials.GetAsync(passage.Request!, cancel));
    }

    /// <summary>Step 8: after the target refused the credential.</summary>
    public async Task<Passage> RetryAsync(
        Passage passage,
        McpRequest request,
        UpstreamRefusal refusal,
        CancellationToken cancel
    )
    {
        if (passage.Refusals == MaxRefusals)
        {
            return passage with
            {
                Reply = ConsentAnswers.Explain(
                    passage.Client!,
                    request,
                    ErrorCodes.TargetRejectsToken,
                    $"Target '{passage.Request!.Target.Name}' refuses every credential that the gateway has for you."
                ),
            };
        }

        var result = await credentials.ReplaceAsync(passage.Request!, passage.Credential!, refusal, cancel);
        return Decide(passage with { Refusals = passage.Refusals + 1 }, request, result);
    }

    private Passage Decide(Passage passage, McpRequest request, CredentialResult result) =>
        result switch
        {
            CredentialResult.Ready when tools.IsConnectCall(passage.Request!.Target, request.Tool) => passage with
            {
                Reply = VisibleCatalogue.Connected(passage.Request.Target, passage.Client!.IsModern),
            },
            CredentialResult.Ready(var credential) => passage with { Credential = credential },
            CredentialResult.ConsentRequired consent => Ask(passage, request, consent),
            CredentialResult.Unavailable unavailable => passage with
            {
                NeedsConsent = unavailable.Reason == CredentialResult.NotAsked,
                Reply = ConsentAnswers.Explain(passage.Client!, request, unavailable.Reason, unavailable.Message),
            },
            _ => throw new InvalidOperationException("A credential result has three kinds."),
        };

    private Passage Ask(Passage passage, McpRequest request, CredentialResult.ConsentRequired consent)
    {
        var parameters = passage.Parameters ?? Parameters(request);
        var client = passage.Client!.With(parameters);
        return passage with { NeedsConsent = true, Reply = answers.Ask(client, request, parameters, consent) };
    }

    private async Task<McpReply?> CheckAnswerAsync(Passage passage, McpRequest request, CancellationToken cancel)
    {
        if (!await states.TryUseAsync(passage.Client!.Caller, request, passage.Parameters!, cancel))
        {
            request.Outcome = ErrorCodes.InvalidRequestState;
            return McpReply.Fail(
                JsonRpcCodes.InvalidParams,
                ErrorCodes.InvalidRequestState,
                "This requestState is unknown, expired, used, or of another request. Send the call again without it.",
                StatusCodes.Status400BadRequest
            );
        }

        return passage.Parameters!["inputResponses"]?[ConsentAnswers.InputKey]?["action"]?.ToString() is "accept"
            ? null
            : ConsentAnswers.Explain(
                passage.Client,
                request,
                ErrorCodes.ConsentDeclined,
                $"You did not allow the use of '{request.Target}'. Call again to be asked again."
            );
    }

    // Parsing costs; most requests have neither.
    private static bool NeedsParameters(McpRequest request) =>
        request.Body.Span.IndexOf("requestState"u8) >= 0 || request.Body.Span.IndexOf(OverrideMarker) >= 0;

    private static JsonObject? Parameters(McpRequest request) =>
        request.Body.IsEmpty ? null : JsonNode.Parse(request.Body.Span)?["params"] as JsonObject;

    private static CredentialRequest ToCredentialRequest(
        ClientContext client,
        McpRequest request,
        Target target,
        JsonObject? parameters
    )
    {
        var configuration = CredentialOverride.Find(parameters);
        return new CredentialRequest(client.Caller.User, client.Caller.ClientId, target)
        {
            SessionTag = client.Session is { } session ? ClientSessions.TagOf(session.Id) : "",
            ReturnUrl = configuration?.ReturnUrl,
            // A handshake or a list is answered from the catalogue; nobody waits for a person there.
            MayAsk = ConsentAnswers.IsWorthAsking(request.Method),
            ForceConsent = configuration?.ForceAuthentication is true,
        };
    }
}

/// <summary>What a client may say about one call's credential, under AgentCore's name or a neutral one.</summary>
internal sealed record CredentialOverride(string? ReturnUrl, bool ForceAuthentication)
{
    private static readonly string[] Names =
    [
        "aspire-gateway/credentialProviderConfiguration",
        "aws.bedrock-agentcore.gateway/credentialProviderConfiguration",
    ];

    public static CredentialOverride? Find(JsonObject? parameters)
    {
        var meta = parameters?["_meta"] as JsonObject;
        var found = Names.Select(name => meta?[name] as JsonObject).FirstOrDefault(static value => value is not null);
        if (found is null)
        {
            return null;
        }

        // AgentCore nests the settings of its authorization code provider.
        var settings = found["oauthCredentialProvider"] as JsonObject ?? found;
        return new CredentialOverride(
            settings.TextOf("returnUrl"),
            settings["forceAuthentication"] is JsonValue force && force.TryGetValue(out bool flag) && flag
        );
    }
}

/// <summary>A request on its way to a target: with a credential, without one, or answered already.</summary>
internal sealed record Passage(ClientContext? Client, JsonObject? Parameters, CredentialRequest? Request)
{
    /// <summary>The target needs no credential.</summary>
    public static readonly Passage Free = new(null, null, null);

    public TargetCredential? Credential { get; init; }

    /// <summary>How often the target has refused a credential.</summary>
    public int Refusals { get; init; }

    /// <summary>The answer, where the request goes no further.</summary>
    public McpReply? Reply { get; init; }

    /// <summary>Whether the person's consent is missing.</summary>
    public bool NeedsConsent { get; init; }

    /// <summary>Whether the client repeats a request after a question of the gateway, whose members are not for the target.</summary>
    public bool IsAnswer => RequestStates.IsOurs(Parameters);

    /// <summary>The body for the target: without the gateway's own question and its answer.</summary>
    public static byte[] WithoutAnswer(McpRequest request)
    {
        var message = JsonNode.Parse(request.Body.Span)!.AsObject();
        var parameters = (JsonObject)message["params"]!;
        RemoveAnswer(parameters);
        return Encoding.UTF8.GetBytes(message.ToJsonString());
    }

    /// <summary>Removes the same from parameters.</summary>
    public static void RemoveAnswer(JsonObject parameters)
    {
        parameters.Remove("requestState");
        if (parameters["inputResponses"] is JsonObject responses)
        {
            responses.Remove(ConsentAnswers.InputKey);
            if (responses.Count == 0)
            {
                parameters.Remove("inputResponses");
            }
        }
    }
}
