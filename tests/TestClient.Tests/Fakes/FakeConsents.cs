using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.TestClient.Tests.Fakes;

/// <summary>
/// The gateway's side of flow B in <see cref="FakeServer"/>: asks in the words of the client's revision, has a connect page behind a
/// sign-in, sends the browser to a third party, and remembers the consent.
/// </summary>
internal sealed class FakeConsents(FakeServer server, FakeBehaviour behaviour)
{
    private const string Cookie = "FAKE_GATEWAY";
    private const string RequestState = "sealed-request-state";

    private readonly ConcurrentDictionary<string, string> _handles = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _elicitations = new();
    private McpServer? _session;

    /// <summary>Whether somebody has consented.</summary>
    public bool Given { get; private set; }

    /// <summary>How many times the client was asked.</summary>
    public int Asked => _elicitations.Count;

    /// <summary>Handles of the links, and what else is nobody's business.</summary>
    public IReadOnlyCollection<string> Secrets => [.. _handles.Keys, RequestState];

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/connect/{handle}", Open);
        app.MapPost("/connect/{handle}", GoOn);
        app.MapGet("/signin/callback", SignedIn);
        app.MapGet("/connect/callback/notes", Callback);
    }

    /// <summary>Somebody consents without the pages.</summary>
    public void Give() => Given = !behaviour.ForgetsConsents;

    /// <summary>Tells the client that the last consent is there.</summary>
    public Task TellAsync() =>
        _session!.SendNotificationAsync(
            NotificationMethods.ElicitationCompleteNotification,
            new ElicitationCompleteNotificationParams { ElicitationId = _elicitations.Last() },
            McpJsonUtilities.DefaultOptions
        );

    public McpRequestHandler<CallToolRequestParams, CallToolResult> Filter(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next
    ) =>
        async (request, cancellationToken) =>
        {
            if (request.Params?.Name is not FakeTools.Consented || behaviour.ThirdParty is null || Given)
            {
                return await next(request, cancellationToken);
            }

            _session = request.Server;
            var http = request.Services!.GetRequiredService<IHttpContextAccessor>().HttpContext!;
            var modern = http.Request.Headers["MCP-Protocol-Version"] == "2026-07-28";
            if (request.Server.ClientCapabilities?.Elicitation?.Url is null && (modern || behaviour.Sessions))
            {
                return new()
                {
                    IsError = true,
                    Content = [new TextContentBlock { Text = "Your client cannot ask you for the consent." }],
                };
            }

            throw Question(modern);
        };

    private Exception Question(bool modern)
    {
        var handle = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(16));
        _handles[handle] = "";
        var id = Guid.NewGuid().ToString();
        _elicitations.Enqueue(id);
        var parameters = new ElicitRequestParams
        {
            Mode = "url",
            Url = behaviour.ForeignConnectPage ?? new Uri(server.Url, $"/connect/{handle}").AbsoluteUri,
            Message = "Allow the gateway to use your notes.",
            ElicitationId = modern ? null : id,
        };
        return modern
            ? new InputRequiredException(
                new Dictionary<string, InputRequest>(StringComparer.Ordinal)
                {
                    ["consent"] = InputRequest.ForElicitation(parameters),
                },
                RequestState
            )
            : new UrlElicitationRequiredException("A consent is needed.", [parameters]);
    }

    private IResult Open(HttpContext context, string handle)
    {
        if (behaviour.LinksExpired || !_handles.ContainsKey(handle))
        {
            return Page("This link is not valid any more", "Go back to your agent and try again.", 410);
        }

        if (context.Request.Cookies[Cookie] is null)
        {
            var authorize = new Uri(server.Url, "/as/authorize").AbsoluteUri;
            return Results.Redirect(
                QueryHelpers.AddQueryString(
                    authorize,
                    new Dictionary<string, string?>(StringComparer.Ordinal)
                    {
                        ["client_id"] = "gateway",
                        ["redirect_uri"] = new Uri(server.Url, "/signin/callback").AbsoluteUri,
                        ["state"] = handle,
                    }
                )
            );
        }

        return behaviour.TakesUserForAnother
            ? Page("This link was made for somebody else", "Switch the account.", 403)
            : Page(
                "Connect notes?",
                $"""
                <dl><dt>You</dt><dd>alice</dd><dt>Agent</dt><dd>testclient</dd><dt>Target</dt><dd>notes</dd>
                <dt>Scopes</dt><dd><ul><li>notes:read</li><li>notes:write</li></ul></dd><dt>Also</dt><dd>a</dd><dd>b</dd></dl>
                <form method="post" action="/connect/{handle}"><input type="hidden" name="antiforgery" value="token">
                <button name="connect" value="yes">Go on</button></form>
                """
            );
    }

    private IResult SignedIn(HttpContext context)
    {
        context.Response.Headers.SetCookie = $"{Cookie}=session; Path=/; HttpOnly";
        return Results.Redirect($"/connect/{context.Request.Query["state"]}");
    }

    private IResult GoOn(HttpContext context, string handle)
    {
        var origin = server.Url.GetLeftPart(UriPartial.Authority);
        if (
            context.Request.Headers.Origin != origin
            || context.Request.Form["antiforgery"] != "token"
            || context.Request.Form["connect"] != "yes"
        )
        {
            return Page("Not like this", "", 400);
        }

        if (behaviour.KnowsGrant)
        {
            Give();
            return Page("notes is connected", "You can go back to your agent.");
        }

        var url = QueryHelpers.AddQueryString(
            behaviour.ThirdParty + "/authorize",
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["client_id"] = "gateway-at-third-party",
                ["redirect_uri"] = new Uri(server.Url, "/connect/callback/notes").AbsoluteUri,
                ["state"] = handle,
            }
        );
        return behaviour.RefreshesInsteadOfRedirects
            ? Page(
                "One moment",
                $"""<meta http-equiv="refresh" content="0; url={System.Net.WebUtility.HtmlEncode(url)}">"""
            )
            : Results.Redirect(url);
    }

    private IResult Callback(HttpContext context)
    {
        if (context.Request.Query["code"].Count == 0)
        {
            return Page("Nothing was connected", "The third party said no.");
        }

        Give();
        return Page("Connected", "You can go back to your agent.");
    }

    private static IResult Page(string title, string body, int status = 200) =>
        Results.Content(
            $"<!doctype html><title>{title}</title><h1>{title}</h1>{body}",
            "text/html",
            statusCode: status
        );
}
