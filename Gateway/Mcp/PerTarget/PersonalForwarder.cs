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
    TargetExchange exchange,
    SessionEndpoints streams
)
{
    /// <summary>Forwards a request, or answers it when the person's consent is missing.</summary>
    public async Task ForwardAsync(HttpContext context, McpRequest request, Target target, Activity? span)
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
            if (await TrySendAsync(context, request, target, passage, session) is not { } refusal)
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
        FoundSession? session
    )
    {
        var credential = passage.Credential!;
        string? upstreamId = null;
        try
        {
            if (session is not null && request.Method is not "initialize")
            {
                upstreamId = await opener.OpenAsync(session, target, credential, context.RequestAborted);
            }
        }
        catch (CredentialRefusedException refused)
        {
            return refused.Refusal;
        }

        var body = passage.IsAnswer ? Passage.WithoutAnswer(request) : request.Body;
        return await exchange.SendAsync(context, request, target, new TargetRequest(body, upstreamId, credential));
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
