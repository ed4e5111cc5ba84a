using System.Web;

namespace AspireGateway.TestKit;

/// <summary>A person at the pages of an identity provider: the embedded one's or Keycloak's.</summary>
public static class SignIn
{
    /// <summary>
    /// Opens the authorization URL, signs in where a login page appears, answers the consent page where one appears, and
    /// returns what the redirect URI receives.
    /// </summary>
    public static async Task<CallbackResult> SignInAsync(
        this Browser browser,
        Uri authorizationUrl,
        Uri redirectUri,
        string username,
        string password,
        bool accept = true,
        CancellationToken cancellationToken = default
    )
    {
        var page = await browser.OpenAsync(authorizationUrl, redirectUri, cancellationToken);
        if (page.FindForm("password") is not null)
        {
            var credentials = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["username"] = username,
                ["password"] = password,
            };
            page = await browser.SubmitAsync(page, "password", credentials, redirectUri, cancellationToken);
        }

        if (page.FindForm("accept") is not null)
        {
            var button = accept ? "accept" : "cancel";
            page = await browser.SubmitAsync(page, button, stopAt: redirectUri, cancellationToken: cancellationToken);
        }

        return page.Location is { } location
            ? CallbackResult.From(location)
            : throw new InvalidOperationException(
                $"The sign-in ended at {page.Url.AbsolutePath} ({(int)page.Status}): {page.Text}"
            );
    }
}

/// <summary>What an authorization server sent to the redirect URI.</summary>
/// <param name="Code">The authorization code.</param>
/// <param name="State">The client's own value.</param>
/// <param name="Issuer">Who answers (RFC 9207).</param>
/// <param name="Error">The error code.</param>
public sealed record CallbackResult(string? Code, string? State, string? Issuer, string? Error)
{
    /// <summary>Reads the query of a redirect.</summary>
    public static CallbackResult From(Uri location)
    {
        var query = HttpUtility.ParseQueryString(location.Query);
        return new CallbackResult(query["code"], query["state"], query["iss"], query["error"]);
    }
}
