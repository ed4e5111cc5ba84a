using System.Diagnostics;
using System.Net;

namespace AspireGateway.TestClient.Flow;

/// <summary>
/// Stands between the SDK and the network, recognises each leg of the flow by its request, gives it a span, and notes
/// what happened. The SDK does the flow itself; this only watches.
/// </summary>
internal sealed class FlowHandler(FlowLog log, FlowKnowledge known, TimeProvider time) : DelegatingHandler
{
    /// <summary>
    /// How long a server may take to begin its answer. Tool calls may take as long as they like; everything before them
    /// is short work.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly LegReader _reader = new(log, known);

    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var leg = Legs.Of(request, known);
        using var span = leg.Span() is { } name
            ? ClientTelemetry.Source.StartActivity(name, ActivityKind.Client)
            : null;
        var message = await McpMessageName.OfAsync(request, leg, cancellationToken);
        await _reader.BeforeAsync(leg, request, cancellationToken);
        if (leg is Leg.Mcp && request.Method == HttpMethod.Get)
        {
            // The stream for notifications of older revisions: open as long as the session, and no step of any flow.
            return await base.SendAsync(request, cancellationToken);
        }

        var started = time.GetTimestamp();
        HttpResponseMessage response;
        try
        {
            response = await SendWithPatienceAsync(request, message, cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException or ClientFailure)
        {
            span?.SetStatus(ActivityStatusCode.Error);
            log.Add(Event(leg, request, message) with { Note = "no answer" });
            throw;
        }

        var answered = Event(leg, request, message) with
        {
            Status = (int)response.StatusCode,
            Duration = time.GetElapsedTime(started),
        };
        if (response.StatusCode >= HttpStatusCode.BadRequest)
        {
            span?.SetStatus(ActivityStatusCode.Error);
        }

        span?.SetTag("http.response.status_code", (int)response.StatusCode);
        await _reader.AfterAsync(leg, answered, response, cancellationToken);
        return response;
    }

    private async Task<HttpResponseMessage> SendWithPatienceAsync(
        HttpRequestMessage request,
        string? message,
        CancellationToken cancellationToken
    )
    {
        if (IsCall(message))
        {
            return await base.SendAsync(request, cancellationToken);
        }

        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await base.SendAsync(request, either.Token);
        }
        catch (OperationCanceledException slow) when (patience.IsCancellationRequested)
        {
            throw new ClientFailure(
                $"{SafeUrl.Of(request.RequestUri!)} did not answer within {Patience.TotalSeconds:0} seconds.",
                "Look at that server's log; it accepted the connection but sent nothing.",
                slow
            );
        }
    }

    private static bool IsCall(string? message) => message?.StartsWith("tools/call", StringComparison.Ordinal) is true;

    private FlowEvent Event(Leg leg, HttpRequestMessage request, string? message)
    {
        var (step, title) = leg switch
        {
            Leg.ResourceMetadata => (FlowStep.A3, "resource metadata"),
            Leg.ServerMetadata => (FlowStep.A4, "server metadata"),
            Leg.Registration => (FlowStep.A5, "client registration"),
            Leg.Token => (FlowStep.A9, "token request"),
            _ when known.Repetition is not null && IsCall(message) => (FlowStep.B9, "call repeated"),
            _ when request.Headers.Authorization is null => (FlowStep.A1, "request without token"),
            _ => (FlowStep.A10, "request with token"),
        };
        return new FlowEvent(step, title)
        {
            Method = request.Method.Method,
            Url = SafeUrl.Of(request.RequestUri!),
            Note = message,
        };
    }
}
