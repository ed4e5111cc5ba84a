using System.Net;

namespace AspireGateway.TestClient.OAuth;

/// <summary>What the callback listener answers.</summary>
internal sealed record CallbackPage(int Status, string ContentType, string Body)
{
    /// <summary>Status of <see cref="NotExpected"/>, which nothing else has.</summary>
    public const int NotExpectedStatus = 403;

    /// <summary>For everything that is not there.</summary>
    public static readonly CallbackPage Nothing = new(404, "text/plain; charset=utf-8", "Nothing here.");

    /// <summary>For an answer that nobody waits for, or that belongs to another sign-in.</summary>
    public static readonly CallbackPage NotExpected = Html(
        NotExpectedStatus,
        "This is not the answer we wait for",
        "It does not belong to the sign-in that is running now. Go back to the terminal and start again."
    );

    /// <summary>What to do when the page has been sent.</summary>
    public Action? Then { get; init; }

    /// <summary>What the person reads after signing in. It repeats nothing that came with the request.</summary>
    public static CallbackPage For(AuthorizationResponse response, AuthorizationRequest request) =>
        response switch
        {
            _ when response.IssuerMistake(request) is not null => Html(
                400,
                "The sign-in is refused",
                "The answer does not come from the server that was asked. The terminal says more."
            ),
            { Code: null or "" } => Html(
                200,
                "You are not signed in",
                "The authorization server sent you back without a permission. The terminal says why."
            ),
            _ => Html(200, "You are signed in", "You can close this page and go back to the terminal."),
        };

    private static CallbackPage Html(int status, string title, string text) =>
        new(
            status,
            "text/html; charset=utf-8",
            $$"""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <title>{{WebUtility.HtmlEncode(title)}}</title>
              <style>
                :root { color-scheme: light dark; }
                body { font: 1.1rem/1.6 system-ui, sans-serif; display: grid; place-content: center; min-height: 90vh;
                       margin: 0 1.5rem; text-align: center; }
                h1 { font-size: 1.6rem; margin: 0 0 .5rem; }
                p { margin: 0; opacity: .8; }
              </style>
            </head>
            <body>
              <main>
                <h1>{{WebUtility.HtmlEncode(title)}}</h1>
                <p>{{WebUtility.HtmlEncode(text)}}</p>
              </main>
            </body>
            </html>
            """
        );
}
