using AspireGateway.TestClient.Flow;

namespace AspireGateway.TestClient.SignIn;

/// <summary>What a browser does by itself: it sends its cookies and keeps those that come back. It notes the steps, too.</summary>
internal sealed class ScriptedTab(HttpClient http, FlowLog log, TimeProvider time)
{
    private readonly BrowserCookies _cookies = new(time);

    /// <summary>Sends a request.</summary>
    public async Task<Landing> GoAsync(BrowserMove move, CancellationToken cancellationToken)
    {
        using var request = move.ToRequest();
        var url = request.RequestUri!;
        if (_cookies.HeaderFor(url) is { } cookies)
        {
            request.Headers.Add("Cookie", cookies);
        }

        var started = time.GetTimestamp();
        using var response = await http.SendAsync(request, cancellationToken);
        _cookies.Store(url, response);
        if (move.Title is not null)
        {
            log.Add(
                new(move.Step, move.Title)
                {
                    Method = request.Method.Method,
                    Url = SafeUrl.Of(url),
                    Status = (int)response.StatusCode,
                    Duration = time.GetElapsedTime(started),
                }
            );
        }

        var redirect =
            (int)response.StatusCode is >= 300 and < 400 && response.Headers.Location is { } location
                ? new Uri(url, location)
                : null;
        var page = redirect is null
            ? SignInPage.Read(url, await response.Content.ReadAsStringAsync(cancellationToken))
            : null;
        return new(url, (int)response.StatusCode, redirect, page);
    }
}

/// <summary>Where a browser goes next.</summary>
/// <param name="Url">The address.</param>
/// <param name="Form">What is sent there; null only looks.</param>
/// <param name="Step">The step of the flow that this is.</param>
/// <param name="Title">What its line says; null for hops that nobody needs to read about.</param>
internal sealed record BrowserMove(Uri Url, FormSubmission? Form, FlowStep Step, string? Title)
{
    /// <summary>Opens an address.</summary>
    public static BrowserMove To(Uri url, FlowStep step = default, string? title = null) => new(url, null, step, title);

    /// <summary>Sends a form, but never from one server to another.</summary>
    public static BrowserMove Send(FormSubmission form, Uri page, FlowStep step, string title) =>
        Origin(form.Action) == Origin(page)
            ? new(form.Action, form, step, title)
            : throw new ClientFailure(
                $"A form at {Origin(page)} would send what is entered there to another server.",
                "Sign in with a browser to look at it: leave out --user."
            );

    /// <summary>Scheme, host and port.</summary>
    public static string Origin(Uri url) => url.GetLeftPart(UriPartial.Authority);

    /// <summary>Whether a password may be sent to this address: encrypted, or within this machine.</summary>
    public static bool IsSafe(Uri url) => url.Scheme == Uri.UriSchemeHttps || url.IsLoopback;

    public HttpRequestMessage ToRequest()
    {
        var request = new HttpRequestMessage(Form is null ? HttpMethod.Get : HttpMethod.Post, Url)
        {
            Content = Form?.ToContent(),
        };
        request.Headers.Accept.ParseAdd("text/html");
        if (Form is not null)
        {
            // As browsers do; servers may refuse forms of other origins by it.
            request.Headers.Add("Origin", Origin(Url));
        }

        return request;
    }
}

/// <summary>Where a browser has arrived.</summary>
/// <param name="Url">The address.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Redirect">Where it is sent on to.</param>
/// <param name="Page">What it sees, where it is not sent on.</param>
internal sealed record Landing(Uri Url, int Status, Uri? Redirect, SignInPage? Page);
