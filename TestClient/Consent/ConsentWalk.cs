using AspireGateway.TestClient.Flow;
using AspireGateway.TestClient.Output;
using AspireGateway.TestClient.SignIn;
using Microsoft.AspNetCore.WebUtilities;

namespace AspireGateway.TestClient.Consent;

/// <summary>
/// Steps B3 to B8 without a person: from the gateway's connect page, over the sign-in there and the consent at the third party, back
/// to the gateway. Each password goes to the one server that it belongs to.
/// </summary>
internal sealed class ConsentWalk(ScriptedPeople people, string? issuer, Uri connectPage, FlowLog log)
{
    private readonly Uri? _identityProvider = issuer is null ? null : new Uri(issuer);
    private Stage _stage = Stage.AtGateway;
    private string? _thirdParty;
    private string? _error;
    private bool _passwordSent;

    private enum Stage
    {
        /// <summary>On the way to the connect page, which asks who the person is.</summary>
        AtGateway,

        /// <summary>The person has gone on.</summary>
        AtThirdParty,

        /// <summary>The third party has sent the browser back.</summary>
        Back,
    }

    /// <summary>What a person would do now; null when everything is done.</summary>
    public BrowserMove? Next(Landing landing) =>
        (landing.Redirect ?? landing.Page!.Refresh) is { } location
            ? Follow(location)
            : _stage switch
            {
                Stage.AtGateway => AnswerGateway(landing.Page!, landing.Status),
                Stage.AtThirdParty => AnswerThirdParty(landing.Page!, landing.Status),
                _ => Arrive(landing.Page!, landing.Status),
            };

    private BrowserMove Follow(Uri location)
    {
        foreach (var value in QueryHelpers.ParseQuery(location.Query))
        {
            if (value.Key is "code" or "state" or "nonce")
            {
                log.Secrets.Add(value.Value);
            }
        }

        switch (_stage)
        {
            case Stage.AtGateway when IsIdentityProvider(location) && !_passwordSent:
                return BrowserMove.To(location, FlowStep.B4, "sign-in at the gateway");
            case Stage.AtThirdParty when IsGateway(location):
                _stage = Stage.Back;
                _error = QueryHelpers.ParseQuery(location.Query).GetValueOrDefault("error").FirstOrDefault();
                return BrowserMove.To(location, FlowStep.B8, "back at the gateway");
            case Stage.AtThirdParty when _thirdParty is null:
                _thirdParty = BrowserMove.Origin(location);
                return BrowserMove.To(location, FlowStep.B6, "authorization request");
            default:
                return BrowserMove.To(location);
        }
    }

    private BrowserMove AnswerGateway(SignInPage page, int status)
    {
        switch (page.Kind)
        {
            case PageKind.Connect when IsGateway(page.Url) && status < 400:
                log.Add(new(FlowStep.B5, "what it asks for") { Note = Describe(page) });
                _stage = Stage.AtThirdParty;
                _passwordSent = false;
                return BrowserMove.Send(page.Connect(), page.Url, FlowStep.B6, "going on");
            case PageKind.Login when IsIdentityProvider(page.Url):
                return SignIn(page, people.User, FlowStep.B4, "TESTCLIENT_PASSWORD");
            case PageKind.Consent when IsIdentityProvider(page.Url):
                return BrowserMove.Send(page.Consent(), page.Url, FlowStep.B4, "consent");
            default:
                throw NotLetOn(page, status);
        }
    }

    private BrowserMove? AnswerThirdParty(SignInPage page, int status)
    {
        var there = BrowserMove.Origin(page.Url) == _thirdParty;
        switch (page.Kind)
        {
            case PageKind.Login when there:
                return SignIn(page, people.At(page.Url), FlowStep.B7, "TESTCLIENT_THIRD_PARTY_PASSWORD");
            case PageKind.Consent when there:
                return BrowserMove.Send(page.Consent(), page.Url, FlowStep.B7, "consent");
            case PageKind.Unknown when IsGateway(page.Url) && status < 400:
                // There is a grant already; only this agent had to be allowed to use it.
                log.Add(new(FlowStep.B8, "allowed for this agent") { Note = Printable.OneLine(page.Title) });
                return null;
            case PageKind.Unknown when IsGateway(page.Url):
                throw NotLetOn(page, status);
            default:
                throw new ClientFailure(
                    $"The third party answered {status} with a page that is neither login nor consent: '{Printable.OneLine(page.Title)}'.{page.Saying}",
                    "Check client, redirect URI and scopes in the gateway's configuration of the target, or leave out --user to see the page in a browser."
                );
        }
    }

    private BrowserMove? Arrive(SignInPage page, int status)
    {
        if (_error is "access_denied")
        {
            throw new ClientFailure(
                "The consent at the third party was refused.",
                "Run it again and allow the access there; without it the gateway cannot call this target for you."
            );
        }

        if (_error is not null)
        {
            throw new ClientFailure(
                $"The third party refused the gateway's request: {Printable.OneLine(_error)}.{page.Saying}",
                "Check client, redirect URI and scopes in the gateway's configuration of the target."
            );
        }

        return status < 400
            ? null
            : throw new ClientFailure(
                $"The gateway could not finish the consent, it answered {status}: '{Printable.OneLine(page.Title)}'.{page.Saying}",
                "Run it again. If it stays, the gateway's log says what the third party answered."
            );
    }

    private BrowserMove SignIn(SignInPage page, SignInAs account, FlowStep step, string variable)
    {
        if (!BrowserMove.IsSafe(page.Url))
        {
            throw new ClientFailure(
                $"The login page at {BrowserMove.Origin(page.Url)} is not https.",
                "The test client sends no password there."
            );
        }

        if (_passwordSent)
        {
            throw new ClientFailure(
                $"{BrowserMove.Origin(page.Url)} did not accept the password of '{account.Name}'.{page.Saying}",
                $"Check the user name and the environment variable {variable}."
                    + (step is FlowStep.B7 ? " The users of the development realm partner are alice.p and bob.p." : "")
            );
        }

        _passwordSent = page.AsksForPassword;
        return BrowserMove.Send(
            page.SignIn(account.Name, account.Password),
            page.Url,
            step,
            $"sign-in as {account.Name}"
        );
    }

    private static ClientFailure NotLetOn(SignInPage page, int status)
    {
        var said = $"'{Printable.OneLine(page.Title)}'.{page.Saying}";
        return status switch
        {
            403 => new(
                $"The gateway does not let this browser go on: {said}",
                "The person in the browser must be the one whose agent asked. Sign in as that user."
            ),
            404 or 410 => new(
                $"The link for the consent is not valid any more: {said}",
                "Run it again: each link works once, and for ten minutes."
            ),
            >= 400 => new(
                $"The gateway answered {status} instead of going on with the consent: {said}",
                "Run it again. If it stays, the gateway's log says more."
            ),
            _ => new(
                $"The gateway has a page that asks for nothing known: {said}",
                "Leave out --user to see the page in a browser."
            ),
        };
    }

    private static string Describe(SignInPage page) =>
        Printable.OneLine(page.Facts is "" ? page.Title : page.Facts, 200);

    private bool IsGateway(Uri url) => BrowserMove.Origin(url) == BrowserMove.Origin(connectPage);

    // Gateway and identity provider can share an origin; then the issuer's path tells them apart.
    private bool IsIdentityProvider(Uri url) =>
        _identityProvider is not null
        && BrowserMove.Origin(url) == BrowserMove.Origin(_identityProvider)
        && (
            !IsGateway(url)
            || url.AbsolutePath.StartsWith(_identityProvider.AbsolutePath.TrimEnd('/') + "/", StringComparison.Ordinal)
        );
}
