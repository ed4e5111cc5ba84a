using AspireGateway.IdentityProvider.Realms;

namespace AspireGateway.IdentityProvider.Pages;

internal static class MessagePage
{
    /// <summary>For people whose program asked for something wrong: there is nowhere safe to send them back to.</summary>
    public static Page Error(Realm realm, string error, string? description) =>
        new(
            realm,
            "This does not work",
            Html.Of(
                $"""
                    <p class="error" role="alert">{description ?? "The request was refused."}</p>
                    <p class="quiet">Go back to the program that sent you here and start again. Error <code>{error}</code>.</p>
                """
            )
        )
        {
            Status = StatusCodes.Status400BadRequest,
        };

    public static Page OutOfDate(Realm realm) =>
        Error(realm, "page_expired", "This page is out of date, or your browser did not send its cookies.");

    public static Page SignedOut(Realm realm) =>
        new(realm, "You are signed out", Html.Of($"""<p class="quiet">You can close this page.</p>"""));

    /// <param name="realm">The realm.</param>
    /// <param name="antiforgery">Proves that the answer comes from this page.</param>
    /// <param name="parameters">The request, to be repeated with the answer.</param>
    /// <param name="returnTo">Where the client, whose place it is, wants the browser afterwards.</param>
    public static Page AskSignOut(Realm realm, Html antiforgery, IEnumerable<Html> parameters, Uri? returnTo) =>
        new(
            realm,
            "Sign out?",
            Html.Of(
                $"""
                    <form method="post" action="{realm.Paths.Logout}">
                      {antiforgery}
                      {parameters}
                      <div class="actions"><button class="main" type="submit" name="{ConsentPage.AcceptField}" value="Yes">Sign out</button></div>
                    </form>
                """
            )
        )
        {
            RedirectsTo = returnTo,
        };
}
