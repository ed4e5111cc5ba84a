using System.Net;
using AspireGateway.Gateway.Vault;
using AspireGateway.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>What people and programs do with connections.</summary>
internal static class ConnectionsHost
{
    public static readonly Uri Page = new("http://gateway.test/connections");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Opens the page.</summary>
    public static Task<BrowserPage> ConnectionsAsync(this Browser browser) =>
        browser.OpenAsync(Page, cancellationToken: Cancel);

    /// <summary>Opens the page and presses a button; a redirect to a consent page is followed.</summary>
    public static async Task<BrowserPage> PressAsync(this Browser browser, string button) =>
        await browser.SubmitAsync(await browser.ConnectionsAsync(), button, cancellationToken: Cancel);

    /// <summary>Opens the page, presses a button there, and says yes on the consent page behind it.</summary>
    public static async Task<BrowserPage> PressAndConsentAsync(this Browser browser, string button) =>
        await browser.SubmitAsync(await browser.PressAsync(button), "connect", cancellationToken: Cancel);

    /// <summary>What the page says about one target, with single spaces.</summary>
    public static string Card(this BrowserPage page, string target = "notes") =>
        Words(page.Document.GetElementById(target)?.TextContent ?? "");

    public static string Words(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Whether the next call of an agent goes through.</summary>
    public static async Task<bool> CanCallAsync(this ConsentHost host, string? token = null) =>
        (await host.CallAsync(token: token)).Result.GetProperty("resultType").GetString() == "complete";

    /// <summary>How many audit records have this reason.</summary>
    public static int Records(this ConsentHost host, string reason) =>
        host.Gateway.Audit().Count(line => line.GetProperty("reason").GetString() == reason);

    /// <summary>Puts a grant into the vault as it is.</summary>
    public static Task<Grant> PutAsync(
        this ConsentHost host,
        string target = "notes",
        string? account = null,
        GrantTokens? tokens = null,
        string issuer = "https://provider.example"
    ) =>
        host
            .Gateway.Services.GetRequiredService<IGrantVault>()
            .PutAsync(
                new GrantBinding(new UserId("corp", "user-1"), Name(target), issuer, host.Notes.Url, "gateway"),
                tokens ?? new GrantTokens(new Secret("a"), new Secret("r"), null, ScopeSet.Parse("notes:read")),
                account,
                Cancel
            );

    /// <summary>Sends a request of a program.</summary>
    public static async Task<(HttpStatusCode Status, string Body, HttpResponseMessage Answer)> ApiAsync(
        this ConsentHost host,
        HttpMethod method,
        string path = "/connections",
        string? token = null,
        string accept = "application/json",
        string? cookie = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        }

        if (cookie is not null)
        {
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
        }

        var answer = await host.Client.SendAsync(request, Cancel);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel), answer);
    }

    private static TargetName Name(string text) =>
        TargetName.TryParse(text, out var name) ? name : throw new ArgumentException(text, nameof(text));
}
