using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Credentials;
using AspireGateway.Gateway.Targets.Upstream;
using AspireGateway.Gateway.Telemetry;
using ModelContextProtocol;

namespace AspireGateway.Gateway.Mcp.Aggregate;

/// <summary>Step 7 and 8 of the aggregate endpoint: one call to one target, with its timeout and its span, failures put into words.</summary>
internal sealed class TargetCall(UpstreamConnections connections, ILogger<TargetCall> logger)
{
    private const string RemotePrefix = "Request failed (remote): ";

    /// <summary>Sends the request to the sender's target.</summary>
    /// <exception cref="McpProtocolException">The target's own error, or <see cref="JsonRpcCodes.TargetUnavailable"/>.</exception>
    public async Task<JsonNode?> SendAsync(
        McpRequest request,
        JsonObject parameters,
        Sender sender,
        Func<JsonObject, Task>? onProgress,
        CancellationToken cancel
    )
    {
        var target = sender.Target;
        using var span = TargetSpan.Start(target, request);
        span?.SetTag(Tags.ResendCount, sender.Resends);
        using var asking = new TargetTime(request);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(target.Timeout);
        try
        {
            return await connections
                .For(target, sender.User, sender.Credential)
                .SendAsync(request.Method!, parameters, onProgress, timeout.Token);
        }
        catch (Exception exception) when (CredentialRefusedException.Find(exception) is not null)
        {
            span?.Fail("credential_refused");
            throw;
        }
        catch (McpProtocolException exception)
        {
            request.Outcome = "target_error";
            span?.Fail("target_error");
            throw WithoutPrefix(exception);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw Fail(
                request,
                span,
                "target_timeout",
                $"Target '{target.Name}' did not answer within {target.Timeout}."
            );
        }
        catch (Exception exception)
            when (exception
                    is HttpRequestException
                        or IOException
                        or TimeoutException
                        or McpException
                        or JsonException
                        or ObjectDisposedException
            )
        {
            logger.TargetFailed(target.Name, target.Url, exception.Message);
            throw Fail(
                request,
                span,
                "target_unavailable",
                $"Target '{target.Name}' cannot be reached at the moment. Other targets are not affected; try again later."
            );
        }
    }

    // The SDK puts its own words in front of the target's.
    private static McpProtocolException WithoutPrefix(McpProtocolException exception)
    {
        if (!exception.Message.StartsWith(RemotePrefix, StringComparison.Ordinal))
        {
            return exception;
        }

        var relayed = new McpProtocolException(
            exception.Message[RemotePrefix.Length..],
            exception,
            exception.ErrorCode
        );
        foreach (System.Collections.DictionaryEntry entry in exception.Data)
        {
            relayed.Data[entry.Key] = entry.Value;
        }

        return relayed;
    }

    private static McpProtocolException Fail(McpRequest request, Activity? span, string reason, string message)
    {
        request.Outcome = reason;
        span?.Fail(reason);
        return new McpProtocolException(message, (McpErrorCode)JsonRpcCodes.TargetUnavailable);
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
