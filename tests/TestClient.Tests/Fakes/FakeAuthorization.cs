using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;

namespace AspireGateway.TestClient.Tests.Fakes;

/// <summary>The authorization server of <see cref="FakeServer"/>, with plain forms as Keycloak has them.</summary>
internal sealed class FakeAuthorization(FakeServer server, FakeBehaviour behaviour)
{
    private const string Cookie = "FAKE_SESSION";

    private readonly ConcurrentDictionary<string, string> _codes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _secrets = new();

    /// <summary>Everything secret that was given out.</summary>
    public IReadOnlyList<string> Secrets => [.. _secrets];

    private string Issuer => new Uri(server.Url, "/as").AbsoluteUri;

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/.well-known/oauth-protected-resource/mcp", ResourceMetadata);
        app.MapGet("/.well-known/oauth-authorization-server/as", ServerMetadata);
        app.MapPost("/as/register", Register);
        app.MapGet("/as/authorize", Authorize);
        app.MapPost("/as/login", Login);
        app.MapPost("/as/consent", Consent);
        app.MapPost("/as/token", Token);
    }

    /// <summary>Middleware: 401 without a token, 403 for the admin's tool without the admin's scope.</summary>
    public Task ProtectAsync(HttpContext context, RequestDelegate next)
    {
        if (!behaviour.Protected || context.Request.Path != "/mcp")
        {
            return next(context);
        }

        var metadata = new Uri(server.Url, "/.well-known/oauth-protected-resource/mcp").AbsoluteUri;
        var token = context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
        if (!_tokens.TryGetValue(token, out var scope) || behaviour.RejectsTokens)
        {
            return Challenge(context, 401, $"""Bearer resource_metadata="{metadata}", scope="mcp:tools" """);
        }

        var granted = scope.Split(' ');
        if (!granted.Contains("mcp:tools", StringComparer.Ordinal))
        {
            return Challenge(
                context,
                403,
                $"""Bearer error="insufficient_scope", scope="mcp:tools", resource_metadata="{metadata}" """
            );
        }

        var needsAdmin = server.Requests[^1].Body.Contains(FakeTools.Admin, StringComparison.Ordinal);
        return needsAdmin && !granted.Contains("mcp:admin", StringComparer.Ordinal)
            ? Challenge(
                context,
                403,
                $"""Bearer error="insufficient_scope", scope="mcp:tools mcp:admin", resource_metadata="{metadata}" """
            )
            : next(context);
    }

    private static Task Challenge(HttpContext context, int status, string challenge)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.WWWAuthenticate = challenge.Trim();
        return Task.CompletedTask;
    }

    private IResult ResourceMetadata() =>
        Results.Json(
            new
            {
                resource = server.Mcp.AbsoluteUri,
                authorization_servers = new[] { Issuer },
                scopes_supported = new[] { "mcp:tools" },
            }
        );

    private IResult ServerMetadata() =>
        Results.Json(
            new
            {
                issuer = Issuer,
                authorization_endpoint = Issuer + "/authorize",
                token_endpoint = Issuer + "/token",
                registration_endpoint = Issuer + "/register",
                code_challenge_methods_supported = new[] { "S256" },
                token_endpoint_auth_methods_supported = behaviour.TokenMethods,
                scopes_supported = new[] { "mcp:tools", "mcp:admin", "offline_access" },
                authorization_response_iss_parameter_supported = behaviour.PromisesIssuer,
            }
        );

    private IResult Register() =>
        behaviour.RefusesRegistration
            ? Results.Json(new { error = "invalid_redirect_uri", error_description = "not here" }, statusCode: 400)
            : Results.Json(
                new
                {
                    client_id = "registered-client",
                    client_secret = Secret("client-secret"),
                    token_endpoint_auth_method = "client_secret_post",
                },
                statusCode: 201
            );

    private IResult Authorize(HttpContext context)
    {
        if (behaviour.SingleSignOn)
        {
            return Return(context.Request.Query["request"].FirstOrDefault() ?? context.Request.QueryString.Value!);
        }

        // Secure although this is plain http: browsers accept that on loopback, and Keycloak relies on it.
        context.Response.Headers.SetCookie =
            $"{Cookie}={Secret("session")}; Path=/as/; Secure; HttpOnly; SameSite=None";
        return Page(LoginForm(context.Request.QueryString.Value!, withPassword: !behaviour.UserNameFirst));
    }

    private IResult Login(HttpContext context)
    {
        var form = context.Request.Form;
        var request = form["request"].ToString();
        if (context.Request.Cookies[Cookie] is null)
        {
            return Results.Content("<title>Cookie not found</title>", "text/html", statusCode: 400);
        }

        if (form["password"].Count == 0)
        {
            return Page(LoginForm(request, withPassword: true));
        }

        return form["username"] == FakeBehaviour.User && form["password"] == FakeBehaviour.Password
            ? Page(
                $"""
                <form method="post" action="/as/consent">
                <input type="hidden" name="request" value="{Html(
                    request
                )}"><input type="hidden" name="code" value="{Secret("session-code")}">
                <input type="submit" name="accept" value="Yes"><input type="submit" name="cancel" value="No"></form>
                """
            )
            : Page("""<p role="alert">Invalid username or password.</p>""" + LoginForm(request, withPassword: true));
    }

    private IResult Consent(HttpContext context)
    {
        var form = context.Request.Form;
        return form["accept"] == "Yes" && !_secrets.Contains(form["code"].ToString(), StringComparer.Ordinal)
            ? Results.BadRequest()
            : Return(form["request"].ToString());
    }

    private RedirectHttpResult Return(string request)
    {
        var asked = QueryHelpers.ParseQuery(request);
        Dictionary<string, string?> answer = new(StringComparer.Ordinal)
        {
            ["state"] = behaviour.State ?? asked["state"].ToString(),
            ["iss"] = behaviour.Issuer ?? Issuer,
        };
        if (answer["iss"] is "")
        {
            answer.Remove("iss");
        }

        if (behaviour.ConsentDenied)
        {
            answer["error"] = "access_denied";
        }
        else
        {
            answer["code"] = Secret("code");
            _codes[answer["code"]!] = request;
        }

        return TypedResults.Redirect(QueryHelpers.AddQueryString(asked["redirect_uri"].ToString(), answer));
    }

    private IResult Token(HttpContext context)
    {
        var form = context.Request.Form;
        if (!_codes.TryRemove(form["code"].ToString(), out var request) || behaviour.RefusesCodes)
        {
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        }

        var asked = QueryHelpers.ParseQuery(request);
        var challenge = WebEncoders.Base64UrlEncode(
            SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))
        );
        if (asked["code_challenge"] != challenge || asked["resource"] != form["resource"])
        {
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        }

        _secrets.Enqueue(form["code_verifier"].ToString());
        _secrets.Enqueue(asked["state"].ToString());
        var token = Secret("access-token");
        _tokens[token] = asked["scope"].ToString();
        return Results.Json(
            new
            {
                access_token = token,
                refresh_token = Secret("refresh-token"),
                token_type = "Bearer",
                expires_in = 300,
                scope = asked["scope"].ToString(),
            }
        );
    }

    private string LoginForm(string request, bool withPassword)
    {
        var password = withPassword ? """<input name="password" type="password">""" : "";
        return $"""
            <form method="post" action="{behaviour.LoginAction ?? "/as/login"}">
            <input type="hidden" name="request" value="{Html(request)}"><input name="username">{password}
            <button type="submit">Sign in</button></form>
            """;
    }

    private string Secret(string kind)
    {
        var secret = $"{kind}-{Convert.ToHexString(RandomNumberGenerator.GetBytes(16))}";
        _secrets.Enqueue(secret);
        return secret;
    }

    private static IResult Page(string body) =>
        Results.Content($"<!doctype html><title>Fake</title>{body}", "text/html");

    private static string Html(string text) => System.Net.WebUtility.HtmlEncode(text);
}
