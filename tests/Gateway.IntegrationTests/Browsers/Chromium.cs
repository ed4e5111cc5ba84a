using AspireGateway.Gateway.IntegrationTests.Systems;
using AspireGateway.TestKit;
using Microsoft.Playwright;

namespace AspireGateway.Gateway.IntegrationTests.Browsers;

/// <summary>A real browser without a window.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    // Nothing that a browser does by itself: no updates, no accounts, no first-run pages.
    private static readonly string[] Flags =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "chrome.exe"];

    private static readonly string? Program = Names
        .SelectMany(static name =>
            (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(Path.PathSeparator)
                .Select(folder => Path.Combine(folder, name))
        )
        .FirstOrDefault(File.Exists);

    // In milliseconds; only what never comes takes so long, on however busy a machine.
    private const float Longest = 60_000;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    static Chromium() => Assertions.SetDefaultExpectTimeout(Longest);

    private Chromium(IPlaywright playwright, IBrowser browser, IPage page) =>
        (_playwright, _browser, Page) = (playwright, browser, page);

    /// <summary>Why its tests are skipped, or null where they run.</summary>
    public static string? Missing { get; } =
        Program is null ? $"There is no Chromium on the path ({string.Join(", ", Names)})." : null;

    /// <summary>Its only tab.</summary>
    public IPage Page { get; }

    /// <summary>Opens it, with an empty profile.</summary>
    public static async Task<Chromium> OpenAsync()
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = Flags });
        var page = await browser.NewPageAsync(
            new()
            {
                ViewportSize = new() { Width = 700, Height = 560 },
                Locale = "en",
            }
        );
        page.SetDefaultTimeout(Longest);
        return new Chromium(playwright, browser, page);
    }

    /// <summary>Has a person act until the browser is sent to the redirect URI, where no program listens.</summary>
    public async Task<CallbackResult> UntilRedirectedAsync(Func<Task> act)
    {
        var callback = SignedInClient.Callback.OriginalString;
        await Page.RouteAsync(callback + "?*", static route => route.FulfillAsync(new() { Body = "Close this page." }));
        var request = await Page.RunAndWaitForRequestAsync(
            act,
            request => request.Url.StartsWith(callback, StringComparison.Ordinal)
        );
        return CallbackResult.From(new Uri(request.Url));
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
