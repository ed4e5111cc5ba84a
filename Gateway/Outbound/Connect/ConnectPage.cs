using System.Diagnostics;
using AspireGateway.Gateway.Audit;
using AspireGateway.Gateway.Inbound.SignIn;
using AspireGateway.Gateway.Outbound.Connect.Pages;
using AspireGateway.Gateway.Telemetry;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireGateway.Gateway.Outbound.Connect;

/// <summary>Answers browsers: pages with strict headers, refusals with their audit record.</summary>
internal sealed class ConnectPage(IAuditLog audit, Notices notices, TimeProvider time, ILogger<ConnectPage> logger)
{
    // Key of HttpContext.Items for the number of the intent.
    private static readonly object IntentKey = new();

    /// <summary>Sets the headers that every page of the gateway has.</summary>
    /// <param name="context">The request.</param>
    /// <param name="formTargets">Origins to which the answer to a form may redirect; browsers hold forms to that too.</param>
    public static void SetHeaders(HttpContext context, params IEnumerable<Uri> formTargets)
    {
        var headers = context.Response.Headers;
        var forms = string.Join(
            ' ',
            formTargets.Select(static url => url.GetLeftPart(UriPartial.Authority)).Prepend("'self'")
        );
        headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'self'; img-src 'self'; form-action {forms}; base-uri 'none'; frame-ancestors 'none'";
        headers.CacheControl = "no-store";
        // Nothing leaves this origin. Not "no-referrer": browsers then send "Origin: null" with forms, which looks like a foreign page.
        headers["Referrer-Policy"] = "same-origin";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }

    /// <summary>Says no: changes nothing, and leaves one audit record.</summary>
    public RazorComponentResult Refuse(
        HttpContext context,
        ConnectRefusal refusal,
        BrowserUser? browser,
        ConsentRequest? consent = null
    )
    {
        logger.ConsentRefused(refusal.Reason, refusal.Status);
        Activity.Current?.Fail(refusal.Reason);
        Record(context, "refused", refusal.Reason, browser, consent, refusal.Status);
        SetHeaders(context);
        return new RazorComponentResult<MessagePage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(MessagePage.Title)] = refusal.Title,
                [nameof(MessagePage.Text)] = refusal.Text,
                [nameof(MessagePage.IsError)] = true,
                [nameof(MessagePage.Code)] = refusal.Reason,
            }
        )
        {
            StatusCode = refusal.Status,
        };
    }

    /// <summary>How a consent ends for the browser: where it began, at the page that the client named, or with a word.</summary>
    public IResult Done(HttpContext context, ConsentRequest consent)
    {
        if (consent.FromPage && TargetName.TryParse(consent.Target, out var target))
        {
            return notices.Show(context, Notice.Connected, target);
        }

        if (consent.ReturnUrl is { } url)
        {
            return ConnectResults.SeeOther(context, new Uri(url));
        }

        SetHeaders(context);
        return new RazorComponentResult<MessagePage>(
            new
            {
                Title = $"{consent.Target} is connected",
                Text = "You can close this page and return to your agent. It goes on by itself, or repeats what you asked for.",
                NextText = "See all your connections",
            }
        );
    }

    /// <summary>Records what a person is about to bring about, and waits for that; what is recorded next is its outcome.</summary>
    /// <returns>False when it cannot be recorded, and then it must not happen.</returns>
    public async Task<bool> TryBeginAsync(
        HttpContext context,
        string what,
        BrowserUser? browser,
        ConsentRequest? consent
    )
    {
        var call = await audit.BeginAsync(
            Entry(context, "allowed", what, browser, consent) with
            {
                Kind = RecordKinds.Intent,
            }
        );
        context.Items[IntentKey] = call;
        return call is not null;
    }

    /// <summary>Records what a person did.</summary>
    public void Record(
        HttpContext context,
        string decision,
        string reason,
        BrowserUser? browser,
        ConsentRequest? consent,
        int status
    )
    {
        var call = context.Items[IntentKey] as AuditCall;
        audit.Add(
            Entry(context, decision, reason, browser, consent) with
            {
                Kind = call is null ? RecordKinds.Decision : RecordKinds.Outcome,
                Call = call,
                Status = status,
            }
        );
    }

    private AuditRecord Entry(
        HttpContext context,
        string decision,
        string reason,
        BrowserUser? browser,
        ConsentRequest? consent
    ) =>
        new()
        {
            Time = time.GetUtcNow(),
            Decision = decision,
            Reason = reason,
            User = browser?.User.ToString(),
            Client = consent?.Client,
            Method = context.Request.Method,
            Target = consent?.Target,
            Name = "connect",
            TraceId = Activity.Current?.TraceId.ToHexString(),
        };
}

/// <summary>Why a browser is not served.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Reason">Stable code.</param>
/// <param name="Title">Headline.</param>
/// <param name="Text">What to do, for a person. Names no other person, and nothing that a third party wrote.</param>
internal sealed record ConnectRefusal(int Status, string Reason, string Title, string Text)
{
    public static readonly ConnectRefusal UnknownLink = new(
        StatusCodes.Status404NotFound,
        ErrorCodes.UnknownConsent,
        "This link is not valid any more",
        "It was used already, or it is older than ten minutes. Go back to your agent and repeat what you asked for; it gives you a new link."
    );

    public static readonly ConnectRefusal UnknownAnswer = new(
        StatusCodes.Status400BadRequest,
        ErrorCodes.UnknownState,
        "This answer does not belong to anything that is open",
        "It was used already, or it took longer than ten minutes. Go back to your agent and repeat what you asked for."
    );

    public static readonly ConnectRefusal WrongPerson = new(
        StatusCodes.Status403Forbidden,
        ErrorCodes.WrongUser,
        "This link is for somebody else",
        "You are signed in with another account than the one that was asked. Nothing was changed."
    );

    public static readonly ConnectRefusal WrongBrowser = new(
        StatusCodes.Status403Forbidden,
        ErrorCodes.WrongBrowser,
        "This did not start in this browser",
        "The permission must be given in the browser in which the link of your agent was opened. Nothing was changed."
    );

    public static readonly ConnectRefusal WrongTarget = new(
        StatusCodes.Status400BadRequest,
        ErrorCodes.WrongRedirect,
        "This answer was meant for another server",
        "Nothing was changed. Go back to your agent and repeat what you asked for."
    );

    public static readonly ConnectRefusal WrongIssuer = new(
        StatusCodes.Status400BadRequest,
        ErrorCodes.WrongIssuer,
        "The answer came from an unexpected place",
        "It did not come from the server that you were sent to. Nothing was changed. If this happens again, tell your administrator."
    );

    public static readonly ConnectRefusal Malformed = new(
        StatusCodes.Status400BadRequest,
        ErrorCodes.InvalidCallback,
        "This answer cannot be understood",
        "Nothing was changed. Go back to your agent and repeat what you asked for."
    );

    public static readonly ConnectRefusal Declined = new(
        StatusCodes.Status400BadRequest,
        ErrorCodes.ConsentDeclined,
        "Nothing was allowed",
        "The other service did not give its permission, or you did not allow it. You can close this page; your agent will ask again when it needs it."
    );

    public static readonly ConnectRefusal FormExpired = new(
        StatusCodes.Status400BadRequest,
        ErrorCodes.InvalidForm,
        "This page was open for too long",
        "Go back, load the page again and repeat."
    );

    public static readonly ConnectRefusal ExchangeFailed = new(
        StatusCodes.Status502BadGateway,
        ErrorCodes.ExchangeFailed,
        "The other service did not complete it",
        "It gave no usable permission to the gateway. Go back to your agent and try again; if it happens again, tell your administrator."
    );

    public static readonly ConnectRefusal VaultUnavailable = new(
        StatusCodes.Status503ServiceUnavailable,
        ErrorCodes.VaultUnavailable,
        "The gateway cannot keep this at the moment",
        "Its vault does not answer. Nothing was changed; try again in a moment."
    );

    public static readonly ConnectRefusal AuditUnwritable = new(
        StatusCodes.Status503ServiceUnavailable,
        ErrorCodes.AuditUnwritable,
        "The gateway cannot do this at the moment",
        "It writes down what it does, and cannot write now. Nothing was changed; try again in a moment."
    );

    public static readonly ConnectRefusal SignInFailed = new(
        StatusCodes.Status400BadRequest,
        ErrorCodes.SignInFailed,
        "The sign-in did not succeed",
        "It was cancelled, took too long, or the identity provider refused it. Open the page, or the link of your agent, once more."
    );

    public static readonly ConnectRefusal NoSignIn = new(
        StatusCodes.Status404NotFound,
        ErrorCodes.SignInNotConfigured,
        "Nobody can sign in here",
        "This gateway has no sign-in for people. Its administrator can add one: Gateway:Inbound:Issuers:0:SignIn:ClientId."
    );

    public static ConnectRefusal NotConfigured(string reason) =>
        new(
            StatusCodes.Status502BadGateway,
            reason,
            "This server cannot be connected at the moment",
            $"The gateway could not prepare the sign-in there (code {reason}). Tell your administrator; the gateway's log says what to do."
        );
}
