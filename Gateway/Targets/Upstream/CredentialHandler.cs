using System.Net;
using AspireGateway.Gateway.Targets.Credentials;

namespace AspireGateway.Gateway.Targets.Upstream;

/// <summary>Adds a credential to each request of one person's connection, and turns the target's refusal of it into an exception that keeps the challenge.</summary>
internal sealed class CredentialHandler(HttpMessageHandler inner, TargetCredential credential)
    : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        request.Headers.Remove(credential.Header);
        request.Headers.TryAddWithoutValidation(credential.Header, credential.Value.Reveal());
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
        {
            return response;
        }

        using (response)
        {
            throw new CredentialRefusedException(UpstreamRefusals.Of(response));
        }
    }
}

/// <summary>The target refused the credential.</summary>
internal sealed class CredentialRefusedException(UpstreamRefusal refusal)
    : HttpRequestException($"The target answered with HTTP status {refusal.Status}.")
{
    public UpstreamRefusal Refusal { get; } = refusal;

    /// <summary>Finds it below the exceptions that a library puts around it.</summary>
    public static CredentialRefusedException? Find(Exception? exception) =>
        exception switch
        {
            null => null,
            CredentialRefusedException found => found,
            AggregateException aggregate => aggregate
                .InnerExceptions.Select(Find)
                .FirstOrDefault(static e => e is not null),
            _ => Find(exception.InnerException),
        };
}

internal static class UpstreamRefusals
{
    /// <summary>What a 401 or 403 says.</summary>
    public static UpstreamRefusal Of(HttpResponseMessage response) =>
        new(
            (int)response.StatusCode,
            response.Headers.TryGetValues("WWW-Authenticate", out var values) ? string.Join(", ", values) : null
        );
}
