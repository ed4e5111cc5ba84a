using System.Net.Http.Headers;
using System.Text;
using AspireGateway.TestClient.Flow;
using Microsoft.AspNetCore.WebUtilities;

namespace AspireGateway.TestClient.OAuth;

/// <summary>
/// Makes token requests of clients without a secret what RFC 6749 section 3.2.1 asks for: the client id in the body and
/// nothing else. The SDK takes the first authentication method that the server lists, and then sends an empty secret,
/// which strict servers refuse.
/// </summary>
internal sealed class PublicClientHandler(FlowKnowledge known) : DelegatingHandler
{
    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        if (Legs.Of(request, known) is Leg.Token && request.Content is not null)
        {
            await RemoveEmptySecretAsync(request, cancellationToken);
        }

        return await base.SendAsync(request, cancellationToken);
    }

    private static async Task RemoveEmptySecretAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = QueryHelpers.ParseQuery(await request.Content!.ReadAsStringAsync(cancellationToken));
        var emptySecret = body.TryGetValue("client_secret", out var secret) && string.IsNullOrEmpty(secret);
        var publicId = PublicId(request.Headers.Authorization);
        if (!emptySecret && publicId is null)
        {
            return;
        }

        var fields = body.Where(field => field.Key != "client_secret" || !emptySecret)
            .SelectMany(
                static field => field.Value,
                static (field, value) => KeyValuePair.Create(field.Key, value ?? "")
            );
        if (publicId is not null)
        {
            request.Headers.Authorization = null;
            fields = fields.Where(static field => field.Key != "client_id").Append(new("client_id", publicId));
        }

        request.Content = new FormUrlEncodedContent(fields);
    }

    // The id of "id:" in Basic authentication; null for anything else.
    private static string? PublicId(AuthenticationHeaderValue? authorization)
    {
        if (authorization is not { Scheme: "Basic", Parameter: { } parameter })
        {
            return null;
        }

        var pair = Encoding.UTF8.GetString(Convert.FromBase64String(parameter));
        return pair is [.. var id, ':'] ? Uri.UnescapeDataString(id) : null;
    }
}
