using System.Diagnostics;
using AspireGateway.Gateway.Audit;
using AspireGateway.Gateway.Inbound.SignIn;
using AspireGateway.Gateway.Outbound.Connect;
using AspireGateway.Gateway.Outbound.Connect.Pages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Outbound.SelfService;

/// <summary>Sign-in at a chosen issuer, and sign-out.</summary>
internal sealed class SessionEndpoints(
    BrowserSignIn signIn,
    ConnectPage pages,
    IAntiforgery antiforgery,
    IAuditLog audit,
    IOptions<GatewayOptions> gateway,
    TimeProvider time
)
{
    public const string SignInPath = Notices.PagePath + "/sign-in/";
    public const string SignOutPath = Notices.PagePath + "/sign-out";
    public const string SignedOutPath = Notices.PagePath + "/signed-out";

    // Where the issuer has no session to end, or offers no way to end it.
    private const string GatewayOnlyPath = SignedOutPath + "-here";

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(
            SignInPath + "{issuer}",
            static (string issuer, HttpContext context, SessionEndpoints session) =>
                session.SignInAsync(context, issuer)
        );
        pages.MapPost(
            SignOutPath,
            static (HttpContext context, SessionEndpoints session) => session.SignOutAsync(context)
        );
        pages.MapGet(SignedOutPath, static (HttpContext context) => Say(context, EverywhereText));
        pages.MapGet(GatewayOnlyPath, static (HttpContext context) => Say(context, HereText));
    }

    private const string EverywhereText =
        "You are signed out of the gateway and of your identity provider in this browser. Your connections stay, and your agents go on using them.";

    private const string HereText =
        "You are signed out of the gateway in this browser. Your identity provider was not told: whoever sits here next may be signed in without a password, until you sign out there too. Your connections stay, and your agents go on using them.";

    private async Task<IResult> SignInAsync(HttpContext context, string issuer)
    {
        if (!signIn.CanSignIn(issuer))
        {
            return pages.Refuse(context, ConnectRefusal.UnknownLink, browser: null);
        }

        await BrowserSignIn.ChallengeAsync(context, issuer, Notices.PagePath);
        return Results.Empty;
    }

    private async Task<IResult> SignOutAsync(HttpContext context)
    {
        var person = await signIn.GetUserAsync(context);
        if (person is null || !await antiforgery.IsRequestValidAsync(context))
        {
            return pages.Refuse(context, ConnectRefusal.FormExpired, person);
        }

        await BrowserSignIn.SignOutAsync(context);
        audit.Add(
            new AuditRecord
            {
                Time = time.GetUtcNow(),
                Decision = "allowed",
                Reason = "signed_out",
                User = person.User.ToString(),
                Method = context.Request.Method,
                Name = "connections",
                Status = StatusCodes.Status303SeeOther,
                TraceId = Activity.Current?.TraceId.ToHexString(),
            }
        );
        return ConnectResults.SeeOther(
            context,
            signIn.SignOutUrl(person.User.Issuer, SignedOutPath) ?? new Uri(gateway.Value.Absolute(GatewayOnlyPath))
        );
    }

    private static RazorComponentResult<MessagePage> Say(HttpContext context, string text)
    {
        ConnectPage.SetHeaders(context);
        return new RazorComponentResult<MessagePage>(
            new
            {
                Title = "You are signed out",
                Text = text,
                NextText = "Sign in again",
            }
        );
    }
}
