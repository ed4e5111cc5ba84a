using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Web;

namespace AspireGateway.Gateway.IntegrationTests.Systems;

/// <summary>
/// Two corrections of what the SDK's client sends: a registration without <c>scope</c>, because Keycloak never gives a client
/// more than it was registered with; and no empty <c>client_secret</c> for a client that has none.
/// </summary>
internal sealed class PublicClient : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        request.Content = request.Content?.Headers.ContentType?.MediaType switch
        {
            "application/json" when IsRegistration(request) => await WithoutScopeAsync(
                request.Content,
                cancellationToken
            ),
            "application/x-www-form-urlencoded" => await WithoutEmptySecretAsync(request, cancellationToken),
            _ => request.Content,
        };
        return await base.SendAsync(request, cancellationToken);
    }

    private static bool IsRegistration(HttpRequestMessage request) =>
        request.RequestUri!.AbsolutePath.Contains("/clients-registrations/", StringComparison.Ordinal);

    private static async Task<HttpContent> WithoutScopeAsync(HttpContent content, CancellationToken cancel)
    {
        var registration = (await content.ReadFromJsonAsync<JsonObject>(cancel))!;
        registration.Remove("scope");
        return JsonContent.Create(registration);
    }

    private static async Task<HttpContent> WithoutEmptySecretAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        var form = HttpUtility.ParseQueryString(await request.Content!.ReadAsStringAsync(cancel));
        if (request.Headers.Authorization is { Scheme: "Basic", Parameter: { } pair })
        {
            var known = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(pair)).Split(':');
            if (known[1].Length == 0)
            {
                request.Headers.Authorization = null;
                form["client_id"] = Uri.UnescapeDataString(known[0]);
            }
        }

        if (form["client_secret"] is "")
        {
            form.Remove("client_secret");
        }

        return new FormUrlEncodedContent(form.AllKeys.Select(key => KeyValuePair.Create(key!, form[key]!)));
    }
}
