using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Mcp.Aggregate.Conversation;
using AspireGateway.Gateway.Mcp.Limits;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Credentials;
using AspireGateway.Gateway.Targets.Upstream;
using AspireGateway.Gateway.Targets.Upstream.Wire;
using AspireGateway.Gateway.Telemetry;
using ModelContextProtocol;

namespace AspireGateway.Gateway.Mcp.Aggregate;

/// <summary>Step 7 and 8 of the aggregate endpoint: one call to one target, with its timeout and its span, failures put into words.</summary>
internal sealed class TargetCall(
    UpstreamConnections connections,
    TargetRegistry targets,
    Drain drain,
    TimeProvider time,
    ILogger<TargetCall> logger
)
{
    /// <summary>Sends the request to the sender's target.</summary>
    /// <param name="request">The client's request.</param>
    /// <param name="sender">Where it goes, and in whose name.</param>
    /// <param name="abilities">What the client can be asked.</param>
    /// <param name="talk">Talks with the target, within the call's life.</param>
    /// <param name="cancel">The client has left.</param>
    /// <returns>The answer, which may be the target's own error, or <see cref="JsonRpcCodes.TargetUnavailable"/>.</returns>
    public async Task<JsonObject> SendAsync(
        McpRequest request,
        Sender sender,
        ClientAbilities abilities,
        Func<UpstreamConnection, CallLifetime, Task<JsonObject>> talk,
        CancellationToken cancel
    )
    {
        var connection = connections.For(sender.Target, sender.User, sender.Credential, abilities);
        var life = new CallLifetime(sender.Target.Timeout, time, cancel);
        return await RunAsync(request, sender.Target, life, sender.Resends, () => talk(connection, life), cancel);
    }

    /// <summary>Goes on with a call that waited for its person.</summary>
    public async Task<JsonObject> ContinueAsync(
        McpRequest request,
        ParkedCall call,
        Func<CallLifetime, Task<JsonObject>> talk,
        CancellationToken cancel
    )
    {
        var target =
            targets.Find(request.Target!.Value)
            ?? throw new McpProtocolException("There is no target of this name any more.", McpErrorCode.InvalidParams);
        call.Life.Resume(target.Timeout, cancel);
        return await RunAsync(request, target, call.Life, resends: 0, () => talk(call.Life), cancel);
    }

    private async Task<JsonObject> RunAsync(
        McpRequest request,
        Target target,
        CallLifetime life,
        int resends,
        Func<Task<JsonObject>> talk,
        CancellationToken cancel
    )
    {
        using var span = TargetSpan.Start(target, request);
        span?.SetTag(Tags.ResendCount, resends);
        using var asking = new TargetTime(request);
        var stopping = drain.CallsEnd.UnsafeRegister(static state => ((CallLifetime)state!).End(), life);
        try
        {
            var answer = await talk();
            if (answer.ContainsKey("error"))
            {
                // The conversation knows better when it was the gateway that gave up.
                request.Outcome = request.IsServed ? ErrorCodes.TargetError : request.Outcome;
                span?.Fail(request.Outcome);
            }

            return answer;
        }
        catch (Exception exception) when (CredentialRefusedException.Find(exception) is not null)
        {
            span?.Fail(ErrorCodes.TargetRejectsToken);
            throw;
        }
        catch (OperationCanceledException)
            when (drain.CallsEnd.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return Fail(request, span, ErrorCodes.GatewayStopping, Drain.Message);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Fail(
                request,
                span,
                ErrorCodes.TargetTimeout,
                $"Target '{target.Name}' did not answer within {target.Timeout}."
            );
        }
        catch (Exception exception) when (IsTargetFailure(exception) && !cancel.IsCancellationRequested)
        {
            logger.TargetFailed(target.Name, target.Url, exception.Message);
            return Fail(
                request,
                span,
                ErrorCodes.TargetUnavailable,
                $"Target '{target.Name}' cannot be reached at the moment. Other targets are not affected; try again later."
            );
        }
        finally
        {
            await stopping.DisposeAsync();
            if (!life.IsParked)
            {
                life.Dispose();
            }
        }
    }

    private static bool IsTargetFailure(Exception exception) =>
        exception
            is HttpRequestException
                or IOException
                or TimeoutException
                or McpException
                or JsonException
                or ObjectDisposedException;

    private static JsonObject Fail(McpRequest request, Activity? span, string reason, string message)
    {
        request.Outcome = reason;
        span?.Fail(reason);
        return Refusals.Error(JsonRpcCodes.TargetUnavailable, reason, message);
    }
}

/// <summary>
/// What is called, and in whose name: user and credential are null where the target needs none. They stay together, so that a target which
/// is edited in between does not get a credential that was meant for its former URL.
/// </summary>
internal readonly record struct Sender(Target Target, UserId? User, TargetCredential? Credential)
{
    /// <summary>How often the same request was sent before, with other credentials.</summary>
    public int Resends { get; init; }
}
