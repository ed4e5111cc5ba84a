using AspireGateway.IdentityProvider.Realms;

namespace AspireGateway.IdentityProvider.Pages;

internal static class LoginPage
{
    public static Page Create(Realm realm, LoginForm form)
    {
        var error = form.Failed
            ? Html.Of($"""<p class="error" role="alert" id="login-error">User name or password is wrong.</p>""")
            : Html.Empty;
        var invalid = form.Failed ? Html.Of($"""aria-invalid="true" aria-describedby="login-error" """) : Html.Empty;
        var body = Html.Of(
            $"""
                <p class="quiet">{form.ClientName} wants you to sign in.</p>
                {error}
                <form method="post" action="{realm.Paths.Login}">
                  {form.Antiforgery}
                  <input type="hidden" name="{LoginEndpoint.PendingField}" value="{form.Pending}">
                  <label for="username">User name</label>
                  <input id="username" name="username" value="{form.Username}" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus {invalid}>
                  <label for="password">Password</label>
                  <input id="password" name="password" type="password" autocomplete="current-password" required {invalid}>
                  <div class="actions"><button class="main" type="submit">Sign in</button></div>
                </form>
            """
        );
        return new Page(realm, "Sign in", body) { RedirectsTo = form.RedirectsTo };
    }
}

/// <param name="Pending">The sealed authorization request that goes on after the sign-in.</param>
/// <param name="ClientName">Who asks.</param>
/// <param name="RedirectsTo">Where the flow ends.</param>
/// <param name="Antiforgery">Hidden field.</param>
internal sealed record LoginForm(string Pending, string ClientName, Uri RedirectsTo, Html Antiforgery)
{
    public string? Username { get; init; }

    public bool Failed { get; init; }
}
