using AspireGateway.TestKit;

namespace AspireGateway.Gateway.ConformanceTests.Clients;

/// <summary>Opens links in a browser and says yes wherever the gateway asks.</summary>
internal sealed class Person : IDisposable
{
    private readonly Browser _browser = new();

    /// <summary>Follows a link to the end.</summary>
    /// <returns>Whether the last page says that it worked.</returns>
    public async Task<bool> ConsentAsync(Uri link, CancellationToken cancel)
    {
        var page = await _browser.OpenAsync(link, cancellationToken: cancel);
        if (page.FindForm("connect") is not null)
        {
            page = await _browser.SubmitAsync(page, "connect", cancellationToken: cancel);
        }

        Console.WriteLine($"browser: {(int)page.Status} {page.Url.GetLeftPart(UriPartial.Path)}: {Words(page.Text)}");
        return page.Status is System.Net.HttpStatusCode.OK;
    }

    public void Dispose() => _browser.Dispose();

    private static string Words(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
