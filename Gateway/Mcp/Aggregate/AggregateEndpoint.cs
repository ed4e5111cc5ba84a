using System.Text.Json.Nodes;
using AspireGateway.Gateway.Mcp.Aggregate.Conversation;
using AspireGateway.Gateway.Mcp.Aggregate.Feeds;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Mcp.Sessions;
using AspireGateway.Gateway.Targets.Catalogue;
using AspireGateway.Gateway.Targets.Upstream.Wire;
using AspireGateway.Gateway.Vault;
using ModelContextProtocol;

namespace AspireGateway.Gateway.Mcp.Aggregate;

/// <summary>
/// Steps 6 to 9 of the aggregate endpoint, in front of the SDK's: answers lists from the catalogue and hands calls to their targets, as JSON
/// both ways. The SDK, whose server is made anew for each request, keeps the handshake and clients that do not get along with the gateway.
/// </summary>
internal sealed class AggregateEndpoint(
    AggregateLists lists,
    RelayedCalls calls,
    ClientSettings settings,
    ListenRequests listening,
    TimeProvider time,
    ILogger<AggregateEndpoint> logger
)
{
    /// <summary>Puts it in front of an endpoint of the SDK.</summary>
    public void Precede(EndpointBuilder endpoint)
    {
        var sdk = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context => HandleAsync(context, sdk);
    }

    private Task HandleAsync(HttpContext context, RequestDelegate sdk)
    {
        var request = context.Features.Get<McpRequest>()!;
        if (IsCancellation(request) && context.Features.Get<FoundSession>() is { } session)
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return settings.CancelAsync(session, ParametersOf(request));
        }

        return HandlerOf(request) is { } handler && Negotiation.Succeeds(context.Request)
            ? AnswerAsync(context, request, handler)
            : sdk(context);
    }

    private Func<ClientRequest, Task>? HandlerOf(McpRequest request) =>
        request.Id.IsEmpty
            ? null
            : request.Method switch
            {
                "tools/call" or "prompts/get" or "resources/read" or "completion/complete" => calls.HandleAsync,
                "subscriptions/listen" => listening.HandleAsync,
                "resources/subscribe" or "resources/unsubscribe" => settings.SubscribeAsync,
                "logging/setLevel" => settings.SetLevelAsync,
                _ => ListKind.Of(request.Method) is null ? null : ListAsync,
            };

    private async Task AnswerAsync(HttpContext context, McpRequest message, Func<ClientRequest, Task> handler)
    {
        var isModern = RevisionRules.IsModern(context.Request, message);
        await using var response = new ClientResponse(context, message.Id, isModern, time);
        var request = new ClientRequest(context, message, ParametersOf(message), isModern, response);
        try
        {
            await handler(request);
        }
        catch (McpProtocolException exception)
        {
            await response.AnswerAsync(Refusals.Error((int)exception.ErrorCode, exception.Message), request.Left);
        }
        catch (Exception exception) when (IsUnexpected(exception, context))
        {
            logger.AnswerFailed(message.Method, exception);
            message.Outcome = ErrorCodes.InternalError;
            await response.AnswerAsync(
                Refusals.Error(
                    JsonRpcCodes.InternalError,
                    ErrorCodes.InternalError,
                    "The gateway made a mistake. Please report it."
                ),
                request.Left
            );
        }
    }

    private async Task ListAsync(ClientRequest request)
    {
        var page = await lists.PageAsync(
            ListKind.Of(request.Request.Method)!,
            request.Caller,
            ListCursor.In(request.Parameters),
            request.IsModern,
            request.Left
        );
        await request.Response.AnswerAsync(new JsonObject { ["result"] = page }, request.Left);
    }

    private static bool IsCancellation(McpRequest request) =>
        request is { Method: "notifications/cancelled", Id.IsEmpty: true };

    private static JsonObject ParametersOf(McpRequest request) =>
        JsonNode.Parse(request.Body.Span)!["params"] as JsonObject ?? [];

    // Of a vault that does not answer the pipeline tells, as long as nothing was sent.
    private static bool IsUnexpected(Exception exception, HttpContext context) =>
        !context.RequestAborted.IsCancellationRequested
        && (exception is not VaultUnavailableException || context.Response.HasStarted);
}
