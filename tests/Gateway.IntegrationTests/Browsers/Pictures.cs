using Microsoft.Playwright;

namespace AspireGateway.Gateway.IntegrationTests.Browsers;

/// <summary>
/// Pictures for the documentation, taken only when the environment variable <c>SCREENSHOT_FOLDER</c> says where they go:
/// <c>SCREENSHOT_FOLDER=$PWD/docs/images dotnet test --project tests/Gateway.IntegrationTests</c>, on a machine that does nothing else.
/// </summary>
internal static class Pictures
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("SCREENSHOT_FOLDER");

    /// <summary>Takes one, unless it has no name.</summary>
    public static Task TakeAsync(IPage page, string? name, string kind, bool fullPage = false) =>
        PathOf(name, kind) is { } path
            ? page.ScreenshotAsync(new() { Path = path, FullPage = fullPage })
            : Task.CompletedTask;

    /// <summary>Takes one of a part of a page, from its upper end.</summary>
    public static async Task TakeAsync(IPage page, ILocator part, string? name, string kind, int maximumHeight)
    {
        if (PathOf(name, kind) is not { } path)
        {
            return;
        }

        // As tall as the page, so that nothing scrolls below what stays on top.
        var before = page.ViewportSize!;
        var height = await page.EvaluateAsync<int>("document.documentElement.scrollHeight");
        await page.SetViewportSizeAsync(before.Width, height);
        await page.EvaluateAsync("scrollTo(0, 0)");
        var box = (await part.BoundingBoxAsync())!;
        await page.ScreenshotAsync(
            new()
            {
                Path = path,
                Clip = new()
                {
                    X = box.X,
                    Y = box.Y,
                    Width = box.Width,
                    Height = Math.Min(box.Height, maximumHeight),
                },
            }
        );
        await page.SetViewportSizeAsync(before.Width, before.Height);
    }

    private static string? PathOf(string? name, string kind) =>
        string.IsNullOrEmpty(Folder) || name is null
            ? null
            : Path.Combine(Folder, $"{name}-{kind}.png".ToLowerInvariant());
}
