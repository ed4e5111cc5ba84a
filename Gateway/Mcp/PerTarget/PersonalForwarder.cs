using System.Diagnostics;
using AspireGateway.Gateway.Mcp.Credentials;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Mcp.Sessions;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Credentials;
using AspireGateway.Gateway.Targets.Upstream;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>
/// <c>/mcp/{target}</c> for targets that want the person's own credential: gets it, asks for consent where it is missing, and tries once
/// more when the target refuses it.
/// </summary>
internal sealed class PersonalForwarder(
    CredentialGate gate,
    CatalogueAnswers catalogue,
    UpstreamSessionOpener opener,
    SessionEndpoints streams
)
{
    /// <summary>Forwards a request by means of <paramref name="send"/>, which reports a refusal in the request's features.</summary>
    public async Task ForwardAsync(
        HttpContext context,
        McpRequest request,
        Target target,
        Func<Task> send,
        Activity? span
    )
    {
        var session = context.Features.Get<FoundSession>();
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await streams.HandleAsync(context, session);
            return;
        }

        var passage = await gate.EnterAsync(context, request, target);
        while (passage.Reply is null)
        {
            span?.SetTag(Tags.ResendCount, passage.Refusals);
            if (await TrySendAsync(context, request, target, passage, session, send) is not { } refusal)
            {
                return;
            }

            passage = await gate.RetryAsync(passage, request, refusal, context.RequestAborted);
        }

        span?.SetTag(Tags.Reason, request.Outcome);
        await ReplyAsync(context, request, target, passage);
    }

    private async Task<UpstreamRefusal?> TrySendAsync(
        HttpContext context,
        McpRequest request,
        Target target,
        Passage passage,
        FoundSession? session,
        Func<Task> send
    )
    {
        var feature = new PersonalRequest(passage.Credential!);
        context.Features.Set(feature);
        try
        {
            var isInitialize = request.Method is "initialize";
            var upstreamId =
                session is null || isInitialize
                    ? null
                    : await opener.OpenAsync(session, target, passage.Credential!, context.RequestAborted);
            context.Features.Set(new UpstreamSession(upstreamId));
        }
        catch (CredentialRefusedException refused)
        {
            return refused.Refusal;
        }

        var body = passage.IsAnswer ? Passage.WithoutAnswer(request) : null;
        context.Request.Body = new MemoryStream(body ?? request.Body.ToArray(), writable: false);
        if (body is not null)
        {
            context.Request.ContentLength = body.Length;
        }

        await send();
        return feature.Refusal;
    }

    private async Task ReplyAsync(HttpContext context, McpRequest request, Target target, Passage passage)
    {
        context.Response.Headers.Clear();
        var isModern = passage.Client!.IsModern;
        if (request.Id.IsEmpty)
        {
            // A notification has no answer; the handshake's own belongs to nobody yet.
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        var reply =
            passage.NeedsConsent && await catalogue.TryAnswerAsync(context, request, target, isModern) is { } known
                ? known
                : passage.Reply!;
        if (ReferenceEquals(reply, passage.Reply) is false)
        {
            request.Outcome = "answered_from_catalogue";
        }

        await reply.WriteAsync(context, request.Id);
    }
}

/// <summary>What the transformer needs to know of a request with a person's credential, and what it found out.</summary>
internal sealed class PersonalRequest(TargetCredential credential)
{
    public TargetCredential Credential { get; } = credential;

    /// <summary>Set when the target refused the credential; then nothing was sent to the client.</summary>
    public UpstreamRefusal? Refusal { get; set; }
}
