using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Tests.Hosting;

namespace AspireGateway.Gateway.Tests.Admin;

/// <summary>Calls of the admin API by an administrator.</summary>
internal static class AdminCalls
{
    /// <summary>A token that may administer.</summary>
    public static string AdminToken(this GatewayHost host, string subject = "carol", string client = "admin-tool") =>
        host.Token(
            (_, payload) =>
            {
                payload["sub"] = subject;
                payload["azp"] = client;
                payload["scope"] = "mcp:admin";
            }
        );

    public static Task<AdminAnswer> AdminAsync(
        this GatewayHost host,
        HttpMethod method,
        string path,
        string? body = null,
        string? ifMatch = null,
        string? token = null
    ) => host.CreateClient().AdminAsync(method, path, token ?? host.AdminToken(), body, ifMatch);

    public static async Task<AdminAnswer> AdminAsync(
        this HttpClient client,
        HttpMethod method,
        string path,
        string? token,
        string? body = null,
        string? ifMatch = null
    )
    {
        using var request = new HttpRequestMessage(method, "/admin" + path);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return new AdminAnswer(
            response.StatusCode,
            response.Headers,
            response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
    }

    /// <summary>The name and URL of a definition, with more members where needed.</summary>
    public static string Definition(string name, string url, string more = "") =>
        $$"""{"name":"{{name}}","url":"{{url}}"{{more}}}""";

    /// <summary>State of a target; null when it is not known.</summary>
    public static async Task<string?> StateAsync(this GatewayHost host, string name) =>
        (await host.AdminAsync(HttpMethod.Get, "/targets/" + name)).Json["state"]?.GetValue<string>();

    /// <summary>Waits until a target is in a state.</summary>
    public static Task UntilAsync(this GatewayHost host, string name, string state) =>
        Eventually.HoldsAsync(async () => await host.StateAsync(name) == state);
}

/// <summary>An answer of the admin API.</summary>
internal sealed record AdminAnswer(HttpStatusCode Status, HttpResponseHeaders Headers, string? MediaType, string Text)
{
    public JsonNode Json => JsonNode.Parse(Text) ?? throw new JsonException(Text);

    /// <summary>Stable code of a refusal.</summary>
    public string? Reason => Json["title"]?.GetValue<string>();

    /// <summary>What is wrong with each member.</summary>
    public IReadOnlyDictionary<string, string> Errors =>
        Json["errors"]!
            .AsObject()
            .ToDictionary(
                static error => error.Key,
                static error => string.Join(' ', error.Value!.AsArray()),
                StringComparer.Ordinal
            );

    public string Challenge => string.Join(", ", Headers.WwwAuthenticate);

    public string ETag => Headers.ETag!.Tag;
}
