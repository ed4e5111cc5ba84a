using AspireGateway.TestClient.SignIn;

namespace AspireGateway.TestClient.Tests.Units;

/// <summary>The pages of real identity providers, reduced to what matters.</summary>
public sealed class SignInPageTests
{
    private static readonly Uri Url = new("http://localhost:8080/realms/corp/protocol/openid-connect/auth?client_id=x");

    [Fact]
    public async Task The_login_page_of_Keycloak_is_filled()
    {
        var page = SignInPage.Read(
            Url,
            """
            <title>Sign in to corp</title>
            <form id="kc-form-login" action="/realms/corp/login-actions/authenticate?session_code=s&amp;execution=e" method="post">
              <input id="username" name="username" value="" type="text"><input id="password" name="password" type="password">
              <input id="rememberMe" name="rememberMe" type="checkbox"><input type="hidden" id="id-hidden-input" name="credentialId">
              <input name="login" id="kc-login" type="submit" value="Sign In">
            </form>
            """
        );

        page.Kind.ShouldBe(PageKind.Login);
        page.AsksForPassword.ShouldBeTrue();
        var form = page.SignIn("alice", "secret");
        form.Action.AbsoluteUri.ShouldBe(
            "http://localhost:8080/realms/corp/login-actions/authenticate?session_code=s&execution=e"
        );
        (await BodyAsync(form)).ShouldBe("username=alice&password=secret&credentialId=");
        form.ToString().ShouldNotContain("secret");
    }

    [Fact]
    public async Task The_consent_page_of_Keycloak_is_accepted_with_its_hidden_code()
    {
        var page = SignInPage.Read(
            Url,
            """
            <form class="form-actions" action="http://localhost:8080/realms/corp/login-actions/consent?client_id=x" method="POST">
              <input type="hidden" name="code" value="hidden-code">
              <input name="accept" id="kc-login" type="submit" value="Yes"><input name="cancel" id="kc-cancel" type="submit" value="No">
            </form>
            """
        );

        page.Kind.ShouldBe(PageKind.Consent);
        (await BodyAsync(page.Consent())).ShouldBe("code=hidden-code&accept=Yes");
    }

    [Fact]
    public async Task The_consent_page_of_the_embedded_provider_is_accepted()
    {
        var page = SignInPage.Read(
            Url,
            """
            <form method="post" action="/auth"><input type="hidden" name="state" value="s">
              <button class="main" type="submit" name="accept" value="Yes">Allow</button>
              <button type="submit" name="cancel" value="No">Deny</button></form>
            """
        );

        (await BodyAsync(page.Consent())).ShouldBe("state=s&accept=Yes");
    }

    [Fact]
    public void Any_other_page_is_unknown_and_tells_its_title_and_its_error()
    {
        var page = SignInPage.Read(
            Url,
            """<title>We are sorry...</title><p class="error">Invalid parameter: redirect_uri</p><form><input name="q"></form>"""
        );

        (page.Kind, page.Title, page.Alert).ShouldBe(
            (PageKind.Unknown, "We are sorry...", "Invalid parameter: redirect_uri")
        );
    }

    private static Task<string> BodyAsync(FormSubmission form) =>
        form.ToContent().ReadAsStringAsync(TestContext.Current.CancellationToken);
}
