using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Inbound.Challenge;
using AspireGateway.Gateway.Mcp.Aggregate.Conversation;
using AspireGateway.Gateway.Mcp.Limits;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Mcp.Sessions;
using AspireGateway.Gateway.Vault;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Mcp;

/// <summary>
/// Steps 3 to 5 and 10 for both MCP endpoints, on the parsed body and before either of them sees the request; the caller is
/// known by then.
/// </summary>
/// <remarks>Steps 6 to 9 are the endpoint's: <c>Aggregate/</c> and <c>PerTarget/</c>.</remarks>
internal sealed class McpPipeline(
    RequestDelegate next,
    RefusalWriter refusals,
    CallRecorder recorder,
    RequestRouter router,
    ParameterHeaders parameters,
    ToolAccess access,
    CallLimits limits,
    SessionGate sessions,
    ClientSessions clientSessions,
    ClientQuestions questions,
    IOptions<McpOptions> options,
    ILogger<McpPipeline> logger
)
{
    public Task InvokeAsync(HttpContext context) => context.IsMcpRequest() ? HandleAsync(context) : next(context);

    private async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (!router.RouteExists(context))
            {
                await refusals.RefuseAsync(context, UnknownTarget(router.Names));
            }
            else if (!await sessions.EnterAsync(context))
            {
                await refusals.RefuseAsync(context, UnknownSession);
            }
            else if (HttpMethods.IsPost(context.Request.Method))
            {
                await HandlePostAsync(context);
            }
            else if (McpRevisions.IsModern(context.Request.Headers[RevisionRules.Header]))
            {
                context.Response.Headers.Allow = HttpMethods.Post;
                await refusals.RefuseAsync(context, NoSuchMethod);
            }
            else
            {
                var stream = new McpRequest { Body = default, Target = context.GetRouteTarget() };
                await CallAsync(context, stream);
            }
        }
        catch (VaultUnavailableException exception) when (!context.Response.HasStarted)
        {
            await RefuseForVaultAsync(context, exception);
        }
    }

    private Task RefuseForVaultAsync(HttpContext context, VaultUnavailableException exception)
    {
        logger.VaultUnavailable(exception.Message);
        context.Response.Clear();
        return refusals.RefuseAsync(context, VaultUnavailable);
    }

    private async Task HandlePostAsync(HttpContext context)
    {
        using var body = await ReadBodyAsync(context);
        if (body is null)
        {
            return;
        }

        var problem = StrictJsonReader.Read(body.Bytes, out var request);
        problem ??= RevisionRules.Check(context.Request, request!) ?? HeaderAgreement.Check(context.Request, request!);
        if (problem is not null)
        {
            await RefuseAsync(context, problem.Status, request, problem);
        }
        else if (request!.Method is null && context.GetRouteTarget() is null)
        {
            await AcceptAnswerAsync(context, request);
        }
        else if (router.Resolve(context, request!) is { } unknown)
        {
            await RefuseAsync(context, StatusCodes.Status200OK, request, unknown);
        }
        else if (parameters.Check(context, request!) is { } mismatch)
        {
            await RefuseAsync(context, mismatch.Status, request, mismatch);
        }
        else if (access.Check(context.GetCaller()!, request!) is { } refusal)
        {
            await RefuseAsync(context, request!, refusal);
        }
        else
        {
            await CallAsync(context, request!);
        }
    }

    private async Task CallAsync(HttpContext context, McpRequest request)
    {
        if (limits.Enter(context, request, out var places) is { } busy)
        {
            await RefuseAsync(context, request, busy);
            return;
        }

        using var held = places;
        if (await recorder.BeginAsync(context, request) is not { } call)
        {
            await RefuseAsync(context, request, AuditUnwritable);
            return;
        }

        var intent = new OpenIntent(call);
        context.Features.Set(intent);
        try
        {
            await ForwardAsync(context, request);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            request.Outcome = "cancelled";
        }
        catch (VaultUnavailableException exception) when (!context.Response.HasStarted)
        {
            await RefuseForVaultAsync(context, exception);
        }
        catch
        {
            request.Outcome = ErrorCodes.InternalError;
            throw;
        }
        finally
        {
            recorder.Complete(context, request, intent);
        }
    }

    // A client's answer to what it was asked on the stream of one of its calls.
    private async Task AcceptAnswerAsync(HttpContext context, McpRequest answer)
    {
        if (
            context.Features.Get<FoundSession>() is { } session
            && await questions.TryAcceptAsync(session, answer, context.RequestAborted)
        )
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        else
        {
            await refusals.RefuseAsync(context, UnknownQuestion);
        }
    }

    private Task ForwardAsync(HttpContext context, McpRequest request)
    {
        context.Features.Set(request);
        return context.GetRouteTarget() is null && request.Method is "initialize"
            ? InitializeAsync(context, request)
            : next(context);
    }

    // What the client says about itself here is needed later, on any replica.
    private async Task InitializeAsync(HttpContext context, McpRequest request)
    {
        context.Response.Headers[ClientSessions.Header] = (await clientSessions.StartAsync(context, request)).Id;
        await next(context);
    }

    private async ValueTask<RequestBody?> ReadBodyAsync(HttpContext context)
    {
        try
        {
            if (await RequestBody.ReadAsync(context, options.Value.MaxRequestBytes) is { } body)
            {
                return body;
            }

            await refusals.RefuseAsync(
                context,
                new Refusal(
                    StatusCodes.Status413PayloadTooLarge,
                    ErrorCodes.TooLarge,
                    $"The body is larger than {options.Value.MaxRequestBytes} bytes (Gateway:Mcp:MaxRequestBytes)."
                )
            );
        }
        catch (BadHttpRequestException exception)
        {
            await refusals.RefuseAsync(
                context,
                new Refusal(
                    exception.StatusCode,
                    ErrorCodes.IncompleteBody,
                    "The request body did not arrive whole. Send it again."
                )
            );
        }

        return null;
    }

    private Task RefuseAsync(HttpContext context, int status, McpRequest? request, McpRequestProblem problem) =>
        refusals.RefuseAsync(
            context,
            new Refusal(status, problem.Reason, problem.Message),
            request?.Id ?? default,
            problem.Code,
            request?.Method ?? context.Request.Method,
            request?.Name
        );

    private Task RefuseAsync(HttpContext context, McpRequest request, Refusal refusal) =>
        refusals.RefuseAsync(
            context,
            refusal,
            request.Id,
            JsonRpcCodes.Refused,
            request.Method ?? context.Request.Method,
            request.Name
        );

    private static Refusal UnknownTarget(string names) =>
        new(
            StatusCodes.Status404NotFound,
            ErrorCodes.UnknownTarget,
            $"There is no target of this name. Known targets: {names}."
        );

    private static readonly Refusal UnknownQuestion = new(
        StatusCodes.Status400BadRequest,
        ErrorCodes.UnknownQuestion,
        "Nothing was asked under this id in this session."
    );

    private static readonly Refusal NoSuchMethod = new(
        StatusCodes.Status405MethodNotAllowed,
        ErrorCodes.MethodNotAllowed,
        "MCP 2026-07-28 has neither GET streams nor sessions. Use subscriptions/listen with POST."
    );

    private static readonly Refusal UnknownSession = new(
        StatusCodes.Status404NotFound,
        ErrorCodes.UnknownSession,
        PerTarget.SessionIds.Unknown
    );

    private static readonly Refusal VaultUnavailable = new(
        StatusCodes.Status503ServiceUnavailable,
        ErrorCodes.VaultUnavailable,
        "The gateway's vault does not answer at the moment. Nothing was lost; try again later."
    )
    {
        RetryAfter = 5,
    };

    private static readonly Refusal AuditUnwritable = new(
        StatusCodes.Status503ServiceUnavailable,
        ErrorCodes.AuditUnwritable,
        "The audit record cannot be written at the moment, and nothing is called without it. Try again later."
    )
    {
        RetryAfter = 10,
    };
}
