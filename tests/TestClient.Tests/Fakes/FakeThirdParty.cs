using AspireGateway.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace AspireGateway.TestClient.Tests.Fakes;

/// <summary>Another company's authorization server: login form, consent form, and back.</summary>
internal sealed class FakeThirdParty : LoopbackServer
{
    public const string User = "alice.p";
    public const string Password = "another password altogether";
    public const string Code = "third-party-code-0123456789";

    /// <summary>The person presses "deny", whatever they pressed.</summary>
    public bool ConsentDenied { get; init; }

    public static async Task<FakeThirdParty> StartNewAsync(bool consentDenied = false)
    {
        var server = new FakeThirdParty { ConsentDenied = consentDenied };
        await server.StartAsync();
        return server;
    }

    protected override Task AnswerAsync(HttpContext context, RecordedRequest request)
    {
        var form = QueryHelpers.ParseQuery(request.Text);
        var back = request.Method is "GET"
            ? context.Request.QueryString.Value!
            : form.GetValueOrDefault("request").ToString();
        return context.Request.Path.Value switch
        {
            "/authorize" => PageAsync(context, Login(back)),
            "/login" when form["username"] == User && form["password"] == Password => PageAsync(context, Consent(back)),
            "/login" => PageAsync(context, """<p role="alert">Wrong password.</p>""" + Login(back)),
            "/consent" => ReturnAsync(context, back),
            _ => PageAsync(context, "nothing"),
        };
    }

    private Task ReturnAsync(HttpContext context, string request)
    {
        var asked = QueryHelpers.ParseQuery(request);
        context.Response.Redirect(
            QueryHelpers.AddQueryString(
                asked["redirect_uri"].ToString(),
                new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    [ConsentDenied ? "error" : "code"] = ConsentDenied ? "access_denied" : Code,
                    ["state"] = asked["state"],
                }
            )
        );
        return Task.CompletedTask;
    }

    private static string Login(string request) =>
        $"""<form method="post" action="/login">{Hidden(request)}<input name="username"><input name="password" type="password"></form>""";

    private static string Consent(string request) =>
        $"""<form method="post" action="/consent">{Hidden(request)}<button name="accept" value="Yes">Allow</button></form>""";

    private static string Hidden(string request) =>
        $"""<input type="hidden" name="request" value="{System.Net.WebUtility.HtmlEncode(request)}">""";

    private static Task PageAsync(HttpContext context, string body)
    {
        context.Response.ContentType = "text/html";
        return context.Response.WriteAsync($"<!doctype html><title>Third party</title>{body}");
    }
}
