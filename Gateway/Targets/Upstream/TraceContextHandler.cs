using System.Diagnostics;

namespace AspireGateway.Gateway.Targets.Upstream;

/// <summary>
/// Writes the W3C trace context of the current span into a request. Takes the place of the framework's handler, which makes a
/// span of its own for each request: the gateway has one for each call of a target already.
/// </summary>
internal sealed class TraceContextHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } activity)
        {
            request.Headers.Remove("traceparent");
            request.Headers.TryAddWithoutValidation("traceparent", id);
            if (activity.TraceStateString is { Length: > 0 } state)
            {
                request.Headers.Remove("tracestate");
                request.Headers.TryAddWithoutValidation("tracestate", state);
            }
        }

        return base.SendAsync(request, cancellationToken);
    }
}
