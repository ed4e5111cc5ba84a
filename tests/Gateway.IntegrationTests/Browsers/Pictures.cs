using Microsoft.Playwright;

namespace AspireGateway.Gateway.IntegrationTests.Browsers;

/// <summary>
/// Pictures for the documentation, taken only when the environment variable <c>SCREENSHOT_FOLDER</c> says where they go:
/// <c>SCREENSHOT_FOLDER=$PWD/docs/images dotnet test --project tests/Gateway.IntegrationTests</c>.
/// </summary>
internal static class Pictures
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("SCREENSHOT_FOLDER");

    /// <summary>Takes one, unless it has no name.</summary>
    public static Task TakeAsync(IPage page, string? name, string kind, bool fullPage = false) =>
        string.IsNullOrEmpty(Folder) || name is null
            ? Task.CompletedTask
            : page.ScreenshotAsync(
                new() { Path = Path.Combine(Folder, $"{name}-{kind}.png".ToLowerInvariant()), FullPage = fullPage }
            );
}
