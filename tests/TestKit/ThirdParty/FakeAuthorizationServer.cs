using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace AspireGateway.TestKit.ThirdParty;

/// <summary>
/// The authorization server of a third party, honest unless <see cref="Behaviour"/> says otherwise: whoever comes has signed in and
/// consents at once. Refresh tokens rotate, and using an old one ends the grant.
/// </summary>
public sealed class FakeAuthorizationServer : LoopbackServer
{
    private readonly TimeProvider _time;

    private FakeAuthorizationServer(TimeProvider time)
    {
        _time = time;
        Grants = new FakeGrants(time);
    }

    /// <summary>Starts a server.</summary>
    /// <param name="time">Clock that tokens expire by; the system's when null.</param>
    public static async Task<FakeAuthorizationServer> StartNewAsync(TimeProvider? time = null)
    {
        var server = new FakeAuthorizationServer(time ?? TimeProvider.System);
        await server.StartAsync();
        return server;
    }

    /// <summary>What it does differently from an honest server.</summary>
    public FakeServerBehaviour Behaviour { get; } = new();

    /// <summary>What it has granted.</summary>
    public FakeGrants Grants { get; }

    /// <summary>Requests of one endpoint: <c>/authorize</c>, <c>/token</c>, <c>/register</c>, <c>/revoke</c>.</summary>
    public IReadOnlyList<RecordedRequest> RequestsOf(string path) =>
        [.. Requests.Where(request => request.Path.Split('?')[0] == path)];

    /// <summary>Token requests of one grant type.</summary>
    public IReadOnlyList<RecordedRequest> TokenRequests(string grantType) =>
        [.. RequestsOf("/token").Where(request => Form(request)["grant_type"] == grantType)];

    /// <summary>Parses a form.</summary>
    public static IReadOnlyDictionary<string, string> Form(RecordedRequest request) =>
        QueryHelpers
            .ParseQuery(request.Text)
            .ToDictionary(static pair => pair.Key, static pair => pair.Value.ToString(), StringComparer.Ordinal);

    protected override async Task AnswerAsync(HttpContext context, RecordedRequest request)
    {
        if (Behaviour.Override is { } over && await over(context, request))
        {
            return;
        }

        switch (request.Path.Split('?')[0])
        {
            case "/.well-known/oauth-authorization-server" when Behaviour.HasMetadata:
                await WriteAsync(context, Behaviour.Metadata(BaseUrl));
                break;
            case "/authorize":
                Authorize(context);
                break;
            case "/token":
                await TokenAsync(context, request);
                break;
            case "/register":
                await RegisterAsync(context);
                break;
            case { } path when Behaviour.ManagesRegistrations && path.StartsWith("/clients/", StringComparison.Ordinal):
                await ManageAsync(context, request);
                break;
            case "/userinfo" when Behaviour.UserInfo is { } info:
                await UserInfoAsync(context, request, info);
                break;
            case "/revoke":
                Grants.Revoke(Form(request)["token"]);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private void Authorize(HttpContext context)
    {
        var query = context.Request.Query;
        var answer = new Dictionary<string, string?>(StringComparer.Ordinal) { ["state"] = query["state"] };
        if (Behaviour.Declines)
        {
            answer["error"] = "access_denied";
            answer["error_description"] = "<script>alert('third party text')</script>";
        }
        else
        {
            answer["code"] = Grants.AddCode(
                string.Join(' ', query["scope"].ToString().Split(' ').Where(scope => scope != Behaviour.Withholds)),
                query["code_challenge"].ToString()
            );
        }

        if (Behaviour.AnswersIssuer is { } issuer)
        {
            answer["iss"] = issuer.Length == 0 ? BaseUrl : issuer;
        }

        context.Response.Redirect(QueryHelpers.AddQueryString(query["redirect_uri"].ToString(), answer));
    }

    private Task UserInfoAsync(HttpContext context, RecordedRequest request, JsonObject info)
    {
        var token = request.Headers.GetValueOrDefault("Authorization", "");
        if (token.StartsWith("Bearer ", StringComparison.Ordinal) && Grants.IsGood(token["Bearer ".Length..]))
        {
            return WriteAsync(context, info);
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private Task TokenAsync(HttpContext context, RecordedRequest request)
    {
        var form = Form(request);
        var tokens = form["grant_type"] switch
        {
            "authorization_code" => Grants.Exchange(
                form["code"],
                form["code_verifier"],
                Behaviour.TokenLifetime,
                Behaviour.GivesRefreshTokens
            ),
            "refresh_token" => Grants.Refresh(form["refresh_token"], Behaviour.TokenLifetime),
            _ => null,
        };
        if (tokens is null)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return WriteAsync(
                context,
                new JsonObject { ["error"] = "invalid_grant", ["error_description"] = "secret third party text" }
            );
        }

        if (Behaviour.Claims is { } claims && form["grant_type"] == "authorization_code")
        {
            tokens["id_token"] = IdToken(claims, ClientOf(request, form));
        }

        return WriteAsync(context, tokens);
    }

    private string IdToken(JsonObject claims, string client)
    {
        var payload = new JsonObject
        {
            ["iss"] = BaseUrl,
            ["sub"] = "account-1",
            ["aud"] = client,
            ["exp"] = _time.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds(),
        };
        foreach (var (name, value) in claims)
        {
            payload[name] = value?.DeepClone();
        }

        // Whoever gets it from the token endpoint itself need not look at the signature.
        return $"{Encode("""{"alg":"RS256"}""")}.{Encode(payload.ToJsonString())}.{Encode("signature")}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string ClientOf(RecordedRequest request, IReadOnlyDictionary<string, string> form) =>
        form.TryGetValue("client_id", out var client)
            ? client
            : WebUtility.UrlDecode(
                Encoding.UTF8.GetString(Convert.FromBase64String(request.Headers["Authorization"][6..])).Split(':')[0]
            );

    private Task RegisterAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status201Created;
        var id = "registered-" + Guid.NewGuid().ToString("N");
        var answer = new JsonObject
        {
            ["client_id"] = id,
            ["client_secret"] = "secret-of-registration",
            ["client_secret_expires_at"] = 0,
            ["token_endpoint_auth_method"] = "client_secret_basic",
        };
        if (Behaviour.ManagesRegistrations)
        {
            answer["registration_client_uri"] = $"{BaseUrl}/clients/{id}";
            answer["registration_access_token"] = "management-of-" + id;
        }

        return WriteAsync(context, answer);
    }

    private static Task ManageAsync(HttpContext context, RecordedRequest request)
    {
        var isOwner =
            request.Headers.GetValueOrDefault("Authorization") == "Bearer management-of-" + request.Path.Split('/')[^1];
        context.Response.StatusCode =
            isOwner && HttpMethods.IsDelete(context.Request.Method)
                ? StatusCodes.Status204NoContent
                : StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private static Task WriteAsync(HttpContext context, JsonObject json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json.ToJsonString());
    }
}
