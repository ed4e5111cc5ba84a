namespace AspireGateway.TestKit;

/// <summary>A person who follows the link of an elicitation to the end.</summary>
public static class Consent
{
    private const int MaxPages = 10;

    /// <summary>Signs in where a login page appears, says yes where a page asks, and returns the page without a form to go on.</summary>
    /// <param name="browser">The person's browser.</param>
    /// <param name="link">The link.</param>
    /// <param name="username">Who they are at the link's own identity provider.</param>
    /// <param name="thirdPartyUsername">Who they are at the third party.</param>
    /// <param name="password">Their password at both.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<BrowserPage> ConsentAsync(
        this Browser browser,
        Uri link,
        string username,
        string thirdPartyUsername,
        string password,
        CancellationToken cancellationToken = default
    )
    {
        var page = await browser.OpenAsync(link, cancellationToken: cancellationToken);
        var hasSaidYes = false;
        for (var pages = 0; pages < MaxPages; pages++)
        {
            if (page.FindForm("password") is not null)
            {
                var credentials = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    // The first party is on the way to the question, the third one behind it.
                    ["username"] = hasSaidYes ? thirdPartyUsername : username,
                    ["password"] = password,
                };
                page = await browser.SubmitAsync(page, "password", credentials, cancellationToken: cancellationToken);
            }
            else if (Array.Find(["connect", "accept"], button => page.FindForm(button) is not null) is { } button)
            {
                hasSaidYes |= button == "connect";
                page = await browser.SubmitAsync(page, button, cancellationToken: cancellationToken);
            }
            else
            {
                return page;
            }
        }

        throw new InvalidOperationException(
            $"More than {MaxPages} pages, the last one {page.Url.AbsolutePath}: {page.Text}"
        );
    }
}
