using AspireGateway.TestClient.Flow;
using AspireGateway.TestClient.OAuth;
using AspireGateway.TestClient.Output;

namespace AspireGateway.TestClient.SignIn;

/// <summary>
/// Signs in without a person: follows redirects with its own cookies, fills the login form, allows the access, and ends
/// at the callback. It knows plain HTML forms as Keycloak and the embedded identity provider have them.
/// </summary>
internal sealed class ScriptedBrowser(HttpClient http, string user, string password, FlowLog log, TimeProvider time)
    : IUserAgent
{
    private const int MostHops = 30;

    private readonly BrowserCookies _cookies = new(time);

    /// <inheritdoc />
    public async Task VisitAsync(AuthorizationRequest request, Task answer, CancellationToken cancellationToken)
    {
        var visit = new Visit(request.Url);
        var next = new HttpRequestMessage(HttpMethod.Get, request.Url);
        var step = (FlowStep.A6, "authorization request");
        for (var hop = 0; hop < MostHops; hop++)
        {
            using var current = next;
            using var response = await SendAsync(current, step, cancellationToken);
            var url = current.RequestUri!;
            if (Location(url, response) is not { } location)
            {
                var page = SignInPage.Read(url, await response.Content.ReadAsStringAsync(cancellationToken));
                (next, step) = Answer(page, visit, (int)response.StatusCode);
            }
            else if (IsCallback(location, request))
            {
                await ReturnAsync(location, cancellationToken);
                return;
            }
            else
            {
                (next, step) = (new(HttpMethod.Get, location), default);
            }
        }

        throw new ClientFailure(
            "The sign-in pages redirect in circles.",
            "Sign in with a browser to see what they want: leave out --user."
        );
    }

    private (HttpRequestMessage Next, (FlowStep, string) Step) Answer(SignInPage page, Visit visit, int status)
    {
        switch (page.Kind)
        {
            case PageKind.Login when visit.MaySendPassword(page.Url):
                if (visit.PasswordSent)
                {
                    throw WrongPassword(page);
                }

                visit.PasswordSent = page.AsksForPassword;
                return (Post(page.SignIn(user, password), visit), (FlowStep.A7, $"sign-in as {user}"));
            case PageKind.Consent:
                return (Post(page.Consent(), visit), (FlowStep.A7, "consent"));
            case PageKind.Login:
                throw new ClientFailure(
                    $"The login page is at {page.Url.GetLeftPart(UriPartial.Authority)}, which is not where the authorization server is, or not https.",
                    "The test client sends no password there. Sign in with a browser: leave out --user."
                );
            default:
                var alert = page.Alert is null ? "" : $" It says: {Printable.OneLine(page.Alert)}";
                throw new ClientFailure(
                    $"The authorization server answered {status} with a page that is neither login nor consent: '{Printable.OneLine(page.Title)}'.{alert}",
                    "Sign in with a browser to see it: leave out --user."
                );
        }
    }

    private ClientFailure WrongPassword(SignInPage page)
    {
        var alert = page.Alert is { Length: > 0 } ? $" It says: {Printable.OneLine(page.Alert)}" : "";
        return new(
            $"The identity provider did not accept the password of '{user}'.{alert}",
            "Check the user name, and --password or the environment variable TESTCLIENT_PASSWORD. "
                + "The users of the development realm are alice, bob and carol."
        );
    }

    private static HttpRequestMessage Post(FormSubmission form, Visit visit) =>
        visit.IsAtOrigin(form.Action)
            ? new(HttpMethod.Post, form.Action) { Content = form.ToContent() }
            : throw new ClientFailure(
                "A form of the authorization server would send what is entered there to another server.",
                "Sign in with a browser to look at it: leave out --user."
            );

    // Step A8 is noted by the authorizer, which sees the answer of either kind of browser.
    private async Task ReturnAsync(Uri callback, CancellationToken cancellationToken)
    {
        log.Secrets.Add(AuthorizationResponse.Read(callback.Query)?.Code);
        using var request = new HttpRequestMessage(HttpMethod.Get, callback);
        using var response = await http.SendAsync(request, cancellationToken);
        if ((int)response.StatusCode == CallbackPage.NotExpectedStatus)
        {
            throw new ClientFailure(
                "The authorization server answered with another 'state' than the one that was sent.",
                "The answer is refused, because it may belong to somebody else's sign-in. Look at the authorization server."
            );
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        (FlowStep Step, string Title) step,
        CancellationToken cancellationToken
    )
    {
        var url = request.RequestUri!;
        request.Headers.Accept.ParseAdd("text/html");
        if (_cookies.HeaderFor(url) is { } cookies)
        {
            request.Headers.Add("Cookie", cookies);
        }

        var started = time.GetTimestamp();
        var response = await http.SendAsync(request, cancellationToken);
        _cookies.Store(url, response);
        if (step.Step != default)
        {
            log.Add(
                new(step.Step, step.Title)
                {
                    Method = request.Method.Method,
                    Url = SafeUrl.Of(url),
                    Status = (int)response.StatusCode,
                    Duration = time.GetElapsedTime(started),
                }
            );
        }

        return response;
    }

    private static Uri? Location(Uri url, HttpResponseMessage response) =>
        (int)response.StatusCode is >= 300 and < 400 && response.Headers.Location is { } location
            ? new Uri(url, location)
            : null;

    private static bool IsCallback(Uri location, AuthorizationRequest request) =>
        location.GetLeftPart(UriPartial.Path) == request.RedirectUri.GetLeftPart(UriPartial.Path);

    /// <summary>What one way through the pages remembers.</summary>
    private sealed class Visit(Uri start)
    {
        private readonly string _origin = start.GetLeftPart(UriPartial.Authority);

        /// <summary>A login page that comes back after this means that the password was wrong.</summary>
        public bool PasswordSent { get; set; }

        public bool IsAtOrigin(Uri url) => url.GetLeftPart(UriPartial.Authority) == _origin;

        public bool MaySendPassword(Uri page) =>
            IsAtOrigin(page) && (page.Scheme == Uri.UriSchemeHttps || page.IsLoopback);
    }
}
