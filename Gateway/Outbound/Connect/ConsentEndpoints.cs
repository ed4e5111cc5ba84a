using System.Diagnostics;
using AspireGateway.Gateway.Inbound.SignIn;
using AspireGateway.Gateway.Outbound.AuthorizationCode;
using AspireGateway.Gateway.Outbound.Connect.Pages;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Vault;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Outbound.Connect;

/// <summary>B3 to B6: the page that a link leads to, and going on from there.</summary>
internal sealed class ConsentEndpoints(
    ConsentSession session,
    ConsentRequests consents,
    ClientConsents clients,
    PendingAuthorizations pending,
    FlowCookie flowCookie,
    ConnectPage pages,
    IAntiforgery antiforgery,
    IOptions<GatewayOptions> gateway,
    IOptions<OutboundOptions> options,
    TimeProvider time
)
{
    /// <summary>B3, B5: shows the question; nothing is changed by opening a link.</summary>
    public async Task<IResult> OpenAsync(HttpContext context, string handle, CancellationToken cancel)
    {
        var open = await session.OpenAsync(context, handle, cancel);
        using var span = GatewayTelemetry.StartBelow(Spans.ConsentOpen, open.Consent?.TraceParent);
        Tell(span, open);
        if (open.NeedsSignIn)
        {
            await BrowserSignIn.ChallengeAsync(context, open.Consent!.Issuer, ConsentRequests.Path + handle);
            return Results.Empty;
        }

        var tokens = antiforgery.GetAndStoreTokens(context);
        if (open.Refusal is { } refusal)
        {
            return refusal == ConnectRefusal.WrongPerson
                ? WrongPerson(context, open, handle, tokens)
                : pages.Refuse(context, refusal, open.Person, open.Consent);
        }

        ConnectPage.SetHeaders(context, FormTargets(open));
        return new RazorComponentResult<ConsentPage>(new { Model = Model(open, handle, tokens) });
    }

    /// <summary>B6: the person says yes.</summary>
    public async Task<IResult> ContinueAsync(HttpContext context, string handle, CancellationToken cancel)
    {
        var open = await session.OpenAsync(context, handle, cancel);
        using var span = GatewayTelemetry.StartBelow(Spans.ConsentBind, open.Consent?.TraceParent);
        Tell(span, open);
        if (open.NeedsSignIn || open.Refusal is not null)
        {
            return pages.Refuse(context, open.Refusal ?? ConnectRefusal.FormExpired, open.Person, open.Consent);
        }

        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return pages.Refuse(context, ConnectRefusal.FormExpired, open.Person, open.Consent);
        }

        if (!await pages.TryBeginAsync(context, "consent", open.Person, open.Consent))
        {
            return pages.Refuse(context, ConnectRefusal.AuditUnwritable, open.Person, open.Consent);
        }

        return open.Usable is { } grant
            ? await AllowAsync(context, open, grant, cancel)
            : await StartAsync(context, open, cancel);
    }

    /// <summary>Signs in again, so that another account can be chosen.</summary>
    public async Task<IResult> SwitchAsync(HttpContext context, string handle, CancellationToken cancel)
    {
        var open = await session.OpenAsync(context, handle, cancel);
        if (open.Consent is not { } consent)
        {
            return pages.Refuse(context, ConnectRefusal.UnknownLink, open.Person);
        }

        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return pages.Refuse(context, ConnectRefusal.FormExpired, open.Person, consent);
        }

        await BrowserSignIn.SignOutAsync(context);
        await BrowserSignIn.ChallengeAsync(context, consent.Issuer, ConsentRequests.Path + handle, force: true);
        return Results.Empty;
    }

    private async Task<IResult> AllowAsync(HttpContext context, OpenConsent open, Grant grant, CancellationToken cancel)
    {
        await clients.AllowAsync(grant.Id, open.Consent!.Client!, cancel);
        await consents.AnsweredAsync(open.Consent, grant.Tokens!.Scopes, cancel);
        pages.Record(context, "allowed", "consent_given", open.Person, open.Consent, StatusCodes.Status200OK);
        return pages.Done(context, open.Consent);
    }

    private async Task<IResult> StartAsync(HttpContext context, OpenConsent open, CancellationToken cancel)
    {
        var (consent, request) = (open.Consent!, open.Request!);
        var state = RandomText.New();
        var verifier = RandomText.New();
        var redirectUri = Registration.RedirectUris.Of(gateway.Value, request.Target.Name);
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["response_type"] = "code",
            ["client_id"] = request.Client.ClientId,
            ["redirect_uri"] = redirectUri,
            ["state"] = state,
            ["code_challenge"] = RandomText.Fingerprint(verifier),
            ["code_challenge_method"] = "S256",
        };
        var url = AuthorizationUrl.Create(request, parameters, open.Scopes, consent.Force);
        if (url.Value is not { } destination)
        {
            return pages.Refuse(context, ConnectRefusal.NotConfigured(url.Problem!.Reason), open.Person, consent);
        }

        var authorization = new PendingAuthorization
        {
            Consent = consent,
            AuthorizationServer = request.Server.Issuer,
            Resource = request.Target.Url.AbsoluteUri,
            ClientId = request.Client.ClientId,
            Verifier = verifier,
            RedirectUri = redirectUri,
            Scopes = open.Scopes.ToString(),
            Browser = flowCookie.Write(context, state, options.Value.ConsentLifetime),
        };
        await pending.AddAsync(state, authorization, time.GetUtcNow() + options.Value.ConsentLifetime, cancel);
        pages.Record(context, "allowed", "authorization_started", open.Person, consent, StatusCodes.Status303SeeOther);
        using var span = GatewayTelemetry.Start(Spans.Authorize, ActivityKind.Client);
        span?.SetTag(Tags.Target, consent.Target);
        return ConnectResults.SeeOther(context, destination);
    }

    private RazorComponentResult<MessagePage> WrongPerson(
        HttpContext context,
        OpenConsent open,
        string handle,
        AntiforgeryTokenSet tokens
    )
    {
        var result = pages.Refuse(context, ConnectRefusal.WrongPerson, open.Person, open.Consent);
        var parameters = new Dictionary<string, object?>(result.Parameters, StringComparer.Ordinal)
        {
            [nameof(MessagePage.SwitchPath)] = $"{ConsentRequests.Path}{handle}/switch",
            [nameof(MessagePage.FormToken)] = ((string, string)?)(tokens.FormFieldName, tokens.RequestToken!),
        };
        ConnectPage.SetHeaders(context, IssuerOrigins());
        return new RazorComponentResult<MessagePage>(parameters) { StatusCode = result.StatusCode };
    }

    private static void Tell(Activity? span, OpenConsent open)
    {
        span?.SetTag(Tags.Target, open.Consent?.Target);
        if (open.Refusal is { } refusal)
        {
            span?.Fail(refusal.Reason);
        }
    }

    // The whole chain of redirects counts, which may end at the client's own page when the third party asks nothing.
    private IEnumerable<Uri> FormTargets(OpenConsent open)
    {
        var targets = IssuerOrigins().Append(open.Request!.Server.AuthorizationEndpoint);
        return open.Consent!.ReturnUrl is { } url ? targets.Append(new Uri(url)) : targets;
    }

    // "Use another account" leads to one of them.
    private IEnumerable<Uri> IssuerOrigins() => session.SignInOrigins;

    private static ConsentPageModel Model(OpenConsent open, string handle, AntiforgeryTokenSet tokens) =>
        new()
        {
            Person = open.Person!.DisplayName.Length > 0 ? open.Person.DisplayName : open.Person.User.Subject,
            Client = open.Consent!.Client,
            FromPage = open.Consent.FromPage,
            Target = open.Consent.Target,
            Address = open.Request!.Target.Url.Authority,
            Provider = open.Request.Server.AuthorizationEndpoint.Authority,
            Scopes = open.Scopes.Values,
            IsConnected = open.Usable is not null,
            Action = ConsentRequests.Path + handle,
            FormField = tokens.FormFieldName,
            FormToken = tokens.RequestToken!,
        };
}
