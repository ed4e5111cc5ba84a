using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace AspireGateway.TestKit.Issuers;

/// <summary>The authorization and token endpoint of a <see cref="FakeIssuer"/>: whoever comes is signed in at once, as the person that the test chose.</summary>
internal sealed class FakeSignIn(FakeIssuer issuer)
{
    private readonly ConcurrentDictionary<string, (string Subject, string? Nonce, string Client)> _codes = new(
        StringComparer.Ordinal
    );

    public Task AuthorizeAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var code = Guid.NewGuid().ToString("N");
        var subject = context.Request.Cookies[FakeIssuer.PersonCookie] ?? issuer.SignedInSubject;
        _codes[code] = (subject, query["nonce"], query["client_id"].ToString());
        context.Response.Redirect(
            QueryHelpers.AddQueryString(
                query["redirect_uri"].ToString(),
                new Dictionary<string, string?>(StringComparer.Ordinal) { ["code"] = code, ["state"] = query["state"] }
            )
        );
        return Task.CompletedTask;
    }

    public Task ExchangeAsync(HttpContext context, RecordedRequest request)
    {
        context.Response.ContentType = "application/json";
        var form = QueryHelpers.ParseQuery(request.Text);
        if (!_codes.TryRemove(form["code"].ToString(), out var signIn))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return context.Response.WriteAsync("""{"error":"invalid_grant"}""");
        }

        var payload = issuer.Payload(signIn.Client, signIn.Subject);
        payload["typ"] = "ID";
        payload["azp"] = signIn.Client;
        payload["nonce"] = signIn.Nonce;
        payload["preferred_username"] = "name-of-" + signIn.Subject;
        var answer = new JsonObject
        {
            ["token_type"] = "Bearer",
            ["access_token"] = "not-for-the-gateway",
            ["id_token"] = Jws.Sign(issuer.Header(), payload, issuer.SigningKey.Rsa),
            ["expires_in"] = 300,
        };
        return context.Response.WriteAsync(answer.ToJsonString());
    }
}
