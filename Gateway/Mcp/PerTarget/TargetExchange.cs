using AspireGateway.Gateway.Mcp.Limits;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Credentials;
using AspireGateway.Gateway.Targets.Upstream;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>Steps 8 and 9 of <c>/mcp/{target}</c>: asks the target, and gives its answer to the client as it comes.</summary>
internal sealed class TargetExchange(
    UpstreamHttp http,
    TargetAnswers answers,
    FailedAnswers failures,
    Drain drain,
    IOptions<McpOptions> options,
    TimeProvider time
)
{
    /// <summary>Asks the target.</summary>
    /// <returns>
    /// How the target refused the person's credential, and then the client has been told nothing; null when the client has its answer, or
    /// an error in the place of one.
    /// </returns>
    public async Task<UpstreamRefusal?> SendAsync(
        HttpContext context,
        McpRequest request,
        Target target,
        TargetRequest asked
    )
    {
        request.SentAt = request.SentAt == 0 ? time.GetTimestamp() : request.SentAt;
        await using var limit = new CallTime(
            TimeLeft(request, target.Timeout),
            time,
            context.RequestAborted,
            drain.EndOf(request)
        );
        using var measured = new TargetTime(request);
        using var message = asked.ToMessage(context, target);
        using var answer = await AskAsync(context, request, target, message, limit.Token);
        if (answer is null)
        {
            return null;
        }

        if (asked.Credential is not null && (int)answer.StatusCode is 401 or 403)
        {
            return UpstreamRefusals.Of(answer);
        }

        if (request.IsListening)
        {
            limit.Change(TimeLeft(request, options.Value.SessionLifetime));
        }

        try
        {
            await answers.GiveAsync(
                new Transfer(context, request, target, answer, limit.Token),
                isPersonal: asked.Credential is not null
            );
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whatever it was that broke: nobody waits for it.
            request.Outcome = "cancelled";
        }

        return null;
    }

    // Nothing of an answer has come when this fails: what fails later is the relay's.
    private async Task<HttpResponseMessage?> AskAsync(
        HttpContext context,
        McpRequest request,
        Target target,
        HttpRequestMessage message,
        CancellationToken cancel
    )
    {
        try
        {
            return await http.InvokerFor(target).SendAsync(message, cancel);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            request.Outcome = "cancelled";
        }
        catch (Exception exception) when (Transfer.IsBroken(exception) || cancel.IsCancellationRequested)
        {
            await failures.WriteAsync(
                context,
                request,
                target,
                AnswerProblem.Ended(request, target, drain, exception, cancel)
            );
        }

        return null;
    }

    private TimeSpan TimeLeft(McpRequest request, TimeSpan whole) => whole - time.GetElapsedTime(request.SentAt);
}
