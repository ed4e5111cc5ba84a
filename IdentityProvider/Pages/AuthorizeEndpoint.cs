using AspireGateway.IdentityProvider.Protocol;
using AspireGateway.IdentityProvider.Realms;
using Microsoft.AspNetCore;
using Microsoft.Extensions.Primitives;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AspireGateway.IdentityProvider.Pages;

/// <summary>
/// A6–A8 of the flow. OpenIddict has checked client, redirect URI, PKCE, scopes and resources before this runs, and turns
/// the result into the redirect with <c>code</c>, <c>state</c> and <c>iss</c>.
/// </summary>
internal sealed class AuthorizeEndpoint(
    Realm realm,
    Session session,
    Consents consents,
    PendingRequests pendingRequests,
    IOpenIddictApplicationManager applications,
    ILogger<AuthorizeEndpoint> logger
)
{
    public async Task<IResult> HandleAsync(HttpContext http)
    {
        if (http.GetOpenIddictServerResponse() is { Error: { } error } refused)
        {
            logger.AuthorizationRefused(error);
            return MessagePage.Error(realm, error, refused.ErrorDescription);
        }

        var request =
            http.GetOpenIddictServerRequest()
            ?? throw new InvalidOperationException("No OpenID Connect request was found.");
        var client =
            await applications.FindByClientIdAsync(request.ClientId!, http.RequestAborted)
            ?? throw new InvalidOperationException("The client disappeared during its request.");
        var signedIn = await session.FindAsync(http);
        if (signedIn is null || request.HasPromptValue(PromptValues.Login))
        {
            return request.HasPromptValue(PromptValues.None)
                ? Refusal.Of(Errors.LoginRequired, "Nobody is signed in.")
                : await AskToSignInAsync(http, request, client);
        }

        var scopes = realm.Grantable(signedIn.User, request.GetScopes()).ToList();
        var grant = new ConsentRequest(signedIn.User, client, scopes, Grants.ResourcesOf(request, scopes));
        switch (await DecideAsync(http, request, grant))
        {
            case Decision.Allow:
                var principal = Grants.Create(realm, signedIn.User, request, signedIn.At);
                return Results.SignIn(
                    principal,
                    authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme
                );
            case Decision.Deny:
                return Refusal.Of(Errors.AccessDenied, "The user refused.");
            case Decision.OutOfDate:
                return MessagePage.OutOfDate(realm);
            default:
                return request.HasPromptValue(PromptValues.None)
                    ? Refusal.Of(Errors.ConsentRequired, "The user has not agreed yet.")
                    : await AskForConsentAsync(http, request, grant);
        }
    }

    private async Task<Decision> DecideAsync(HttpContext http, OpenIddictRequest request, ConsentRequest grant)
    {
        var form = http.Request.HasFormContentType ? http.Request.Form : null;
        var accepted = form?.ContainsKey(ConsentPage.AcceptField) == true;
        if (accepted || form?.ContainsKey(ConsentPage.CancelField) == true)
        {
            if (!await session.IsGenuineAsync(http))
            {
                return Decision.OutOfDate;
            }

            if (accepted)
            {
                await consents.RememberAsync(grant, http.RequestAborted);
                logger.ConsentGiven(request.ClientId!);
            }

            return accepted ? Decision.Allow : Decision.Deny;
        }

        return !request.HasPromptValue(PromptValues.Consent) && await consents.IsGivenAsync(grant, http.RequestAborted)
            ? Decision.Allow
            : Decision.Ask;
    }

    private async Task<IResult> AskToSignInAsync(HttpContext http, OpenIddictRequest request, object client)
    {
        Session.ForgetUser(http);
        var name = await NameAsync(client, request, http.RequestAborted);
        var sealedRequest = pendingRequests.Seal(
            new PendingRequest(QueryAfterSignIn(http), name, request.RedirectUri!)
        );
        return LoginPage.Create(
            realm,
            new LoginForm(sealedRequest, name, new Uri(request.RedirectUri!), session.AntiforgeryField(http))
            {
                Username = request.LoginHint,
            }
        );
    }

    private async Task<IResult> AskForConsentAsync(HttpContext http, OpenIddictRequest request, ConsentRequest grant)
    {
        var name = await NameAsync(grant.Client, request, http.RequestAborted);
        return ConsentPage.Create(
            realm,
            new ConsentForm(
                grant.User,
                request.ClientId!,
                name,
                new Uri(request.RedirectUri!),
                session.AntiforgeryField(http)
            )
            {
                Scopes = grant.Scopes,
                Resources = grant.Resources,
                Parameters = Parameters(http),
            }
        );
    }

    private async Task<string> NameAsync(
        object client,
        OpenIddictRequest request,
        CancellationToken cancellationToken
    ) =>
        await applications.GetDisplayNameAsync(client, cancellationToken) is { Length: > 0 } name
            ? name
            : request.ClientId!;

    /// <summary>The request again, without the demand to sign in that has then been met.</summary>
    private static string QueryAfterSignIn(HttpContext http)
    {
        var parameters = Parameters(http)
            .Select(static parameter =>
                parameter.Key == OpenIddictConstants.Parameters.Prompt
                    ? new(parameter.Key, WithoutLogin(parameter.Value))
                    : parameter
            )
            .Where(static parameter => !StringValues.IsNullOrEmpty(parameter.Value));
        return QueryString.Create(parameters).ToString();
    }

    private static StringValues WithoutLogin(StringValues prompt) =>
        string.Join(' ', prompt.ToString().Split(' ').Where(static value => value != PromptValues.Login));

    private static IEnumerable<KeyValuePair<string, StringValues>> Parameters(HttpContext http)
    {
        IEnumerable<KeyValuePair<string, StringValues>> all = http.Request.HasFormContentType
            ? http.Request.Form
            : http.Request.Query;
        return all.Where(parameter =>
            parameter.Key is not (ConsentPage.AcceptField or ConsentPage.CancelField or Session.AntiforgeryFieldName)
        );
    }

    private enum Decision
    {
        Ask,
        Allow,
        Deny,
        OutOfDate,
    }
}
