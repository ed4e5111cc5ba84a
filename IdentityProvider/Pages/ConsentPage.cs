using AspireGateway.IdentityProvider.Realms;
using Microsoft.Extensions.Primitives;

namespace AspireGateway.IdentityProvider.Pages;

internal static class ConsentPage
{
    /// <summary>The two buttons. Keycloak names the first one alike.</summary>
    public const string AcceptField = "accept";

    public const string CancelField = "cancel";

    public static Page Create(Realm realm, ConsentForm form)
    {
        var scopes = form
            .Scopes.Select(static scope => Html.Of($"<li>{scope.Description}<br><code>{scope.Name}</code></li>"))
            .DefaultIfEmpty(Html.Of($"<li>Know that it is you</li>"));
        var resources = form.Resources.Select(static resource =>
            Html.Of($"<dt>At</dt><dd><code>{resource}</code></dd>")
        );
        var fields = form.Parameters.SelectMany(static parameter =>
            parameter.Value.Select(value =>
                Html.Of($"""<input type="hidden" name="{parameter.Key}" value="{value}">""")
            )
        );
        var body = Html.Of(
            $"""
                <p>You are <strong>{form.User.Username}</strong>. <strong>{form.ClientName}</strong> asks to:</p>
                <ul>{scopes}</ul>
                <dl>
                  {resources}
                  <dt>Program</dt><dd><code>{form.ClientId}</code></dd>
                  <dt>You go back to</dt><dd><code>{form.RedirectsTo.GetLeftPart(UriPartial.Path)}</code></dd>
                </dl>
                <p class="quiet">Allow it only if you have just started this program yourself.</p>
                <form method="post" action="{realm.Paths.Authorize}">
                  {form.Antiforgery}
                  {fields}
                  <div class="actions">
                    <button class="main" type="submit" name="{AcceptField}" value="Yes">Allow</button>
                    <button type="submit" name="{CancelField}" value="No">Deny</button>
                  </div>
                </form>
            """
        );
        return new Page(realm, "Allow access?", body) { RedirectsTo = form.RedirectsTo };
    }
}

internal sealed record ConsentForm(
    RealmUser User,
    string ClientId,
    string ClientName,
    Uri RedirectsTo,
    Html Antiforgery
)
{
    public required IReadOnlyList<RealmScope> Scopes { get; init; }

    public required IReadOnlyList<string> Resources { get; init; }

    /// <summary>The authorization request, which is validated anew when the form comes back.</summary>
    public required IEnumerable<KeyValuePair<string, StringValues>> Parameters { get; init; }
}
