using AspireGateway.TestClient.Consent;
using AspireGateway.TestClient.Flow;
using AspireGateway.TestClient.OAuth;
using AspireGateway.TestClient.Output;

namespace AspireGateway.TestClient.SignIn;

/// <summary>
/// Signs in without a person: follows redirects with its own cookies, fills the login form, allows the access, and ends
/// at the callback. It knows plain HTML forms as Keycloak and the embedded identity provider have them.
/// </summary>
internal sealed class ScriptedBrowser(
    HttpClient http,
    ScriptedPeople people,
    FlowLog log,
    FlowKnowledge known,
    TimeProvider time
) : IUserAgent
{
    private const int MostHops = 30;

    // One for the whole run: who has signed in once is known the next time.
    private readonly ScriptedTab _tab = new(http, log, time);

    /// <inheritdoc />
    public async Task VisitAsync(AuthorizationRequest request, Task answer, CancellationToken cancellationToken)
    {
        var visit = new Visit(request.Url);
        var next = BrowserMove.To(request.Url, FlowStep.A6, "authorization request");
        for (var hop = 0; hop < MostHops; hop++)
        {
            var landing = await _tab.GoAsync(next, cancellationToken);
            if (landing.Redirect is not { } location)
            {
                next = Answer(landing.Page!, visit, landing.Status);
            }
            else if (IsCallback(location, request))
            {
                await ReturnAsync(location, cancellationToken);
                return;
            }
            else
            {
                next = BrowserMove.To(location);
            }
        }

        throw RunsInCircles();
    }

    /// <inheritdoc />
    public async Task<bool> ConsentAsync(Uri page, CancellationToken cancellationToken)
    {
        var walk = new ConsentWalk(people, known.Server?.Issuer, page, log);
        var next = BrowserMove.To(page, FlowStep.B3, "connect page");
        for (var hop = 0; hop < MostHops; hop++)
        {
            var landing = await OpenAsync(next, cancellationToken);
            if (walk.Next(landing) is not { } more)
            {
                return true;
            }

            next = more;
        }

        throw RunsInCircles();
    }

    private async Task<Landing> OpenAsync(BrowserMove move, CancellationToken cancellationToken)
    {
        try
        {
            return await _tab.GoAsync(move, cancellationToken);
        }
        catch (Exception unreachable)
            when (unreachable is HttpRequestException
                || (unreachable is TaskCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            throw new ClientFailure(
                $"{BrowserMove.Origin(move.Url)} does not answer, where the browser was sent for the consent (step {move.Step}).",
                "Start that server, or correct the address in the gateway's configuration of the target.",
                unreachable
            );
        }
    }

    private BrowserMove Answer(SignInPage page, Visit visit, int status)
    {
        switch (page.Kind)
        {
            case PageKind.Login when visit.MaySendPassword(page.Url):
                if (visit.PasswordSent)
                {
                    throw WrongPassword(page);
                }

                visit.PasswordSent = page.AsksForPassword;
                return BrowserMove.Send(
                    page.SignIn(people.User.Name, people.User.Password),
                    visit.Start,
                    FlowStep.A7,
                    $"sign-in as {people.User.Name}"
                );
            case PageKind.Consent:
                return BrowserMove.Send(page.Consent(), visit.Start, FlowStep.A7, "consent");
            case PageKind.Login:
                throw new ClientFailure(
                    $"The login page is at {BrowserMove.Origin(page.Url)}, which is not where the authorization server is, or not https.",
                    "The test client sends no password there. Sign in with a browser: leave out --user."
                );
            default:
                throw new ClientFailure(
                    $"The authorization server answered {status} with a page that is neither login nor consent: '{Printable.OneLine(page.Title)}'.{page.Saying}",
                    "Sign in with a browser to see it: leave out --user."
                );
        }
    }

    private ClientFailure WrongPassword(SignInPage page) =>
        new(
            $"The identity provider did not accept the password of '{people.User.Name}'.{page.Saying}",
            "Check the user name, and --password or the environment variable TESTCLIENT_PASSWORD. "
                + "The users of the development realm are alice, bob and carol."
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

    private static ClientFailure RunsInCircles() =>
        new(
            "The sign-in pages redirect in circles.",
            "Sign in with a browser to see what they want: leave out --user."
        );

    private static bool IsCallback(Uri location, AuthorizationRequest request) =>
        location.GetLeftPart(UriPartial.Path) == request.RedirectUri.GetLeftPart(UriPartial.Path);

    /// <summary>What one way through the pages remembers.</summary>
    private sealed record Visit(Uri Start)
    {
        /// <summary>A login page that comes back after this means that the password was wrong.</summary>
        public bool PasswordSent { get; set; }

        public bool MaySendPassword(Uri page) =>
            BrowserMove.Origin(page) == BrowserMove.Origin(Start) && BrowserMove.IsSafe(page);
    }
}
