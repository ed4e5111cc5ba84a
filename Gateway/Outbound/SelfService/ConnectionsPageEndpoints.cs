using AspireGateway.Gateway.Audit;
using AspireGateway.Gateway.Inbound.SignIn;
using AspireGateway.Gateway.Outbound.Connect;
using AspireGateway.Gateway.Outbound.SelfService.Pages;
using AspireGateway.Gateway.Vault;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Outbound.SelfService;

/// <summary>The page on which people see and change their own connections. It shows and changes what belongs to who is signed in.</summary>
internal sealed class ConnectionsPageEndpoints(
    BrowserSignIn signIn,
    ConnectionOverview overview,
    ConnectionChanges changes,
    Notices notices,
    ConnectPage pages,
    IAntiforgery antiforgery,
    IOptions<GatewayOptions> gateway
)
{
    /// <summary>Name of the form's control that names an agent.</summary>
    public const string AgentField = "agent";

    /// <summary>The page; whoever has not signed in does that first.</summary>
    public async Task<IResult> ShowAsync(HttpContext context, CancellationToken cancel)
    {
        if (await signIn.GetUserAsync(context) is not { } person)
        {
            return await AskWhoAsync(context);
        }

        IReadOnlyList<ConnectionModel> connections;
        try
        {
            connections = await overview.ListAsync(person.User, cancel);
        }
        catch (VaultUnavailableException)
        {
            return pages.Refuse(context, ConnectRefusal.VaultUnavailable, person);
        }

        var tokens = antiforgery.GetAndStoreTokens(context);
        var notice = notices.Take(context);
        ConnectPage.SetHeaders(context, [.. signIn.Origins, .. SignOutOrigin(person)]);
        return new RazorComponentResult<ConnectionsPage>(
            new
            {
                Person = person.DisplayName.Length > 0 ? person.DisplayName : person.User.Subject,
                Connections = connections,
                Proof = new FormProof(tokens.FormFieldName, tokens.RequestToken!),
                Notice = notice is { } told ? NoticeText.Of(told.Notice, told.Target) : null,
            }
        );
    }

    /// <summary>Begins a consent: on the page that names what is asked, as for a link of an agent.</summary>
    public Task<IResult> ConnectAsync(HttpContext context, string name, bool again, CancellationToken cancel) =>
        ChangeAsync(
            context,
            name,
            async (person, target) =>
                await changes.AskAsync(person.User, target, Agent(context), again, cancel) is { } path
                    ? ConnectResults.SeeOther(context, new Uri(gateway.Value.Absolute(path)))
                    : pages.Refuse(context, ConnectRefusal.UnknownLink, person)
        );

    /// <summary>Ends a connection.</summary>
    public Task<IResult> DisconnectAsync(HttpContext context, string name, CancellationToken cancel) =>
        ChangeAsync(
            context,
            name,
            async (person, target) =>
            {
                var ended = await changes.DisconnectAsync(person.User, client: null, target, cancel);
                return notices.Show(context, NoticeText.Of(ended), target);
            }
        );

    /// <summary>Takes an agent's permission back.</summary>
    public Task<IResult> WithdrawAsync(HttpContext context, string name, CancellationToken cancel) =>
        ChangeAsync(
            context,
            name,
            async (person, target) =>
            {
                await changes.WithdrawAsync(person.User, target, Agent(context) ?? "", cancel);
                return notices.Show(context, Notice.AgentWithdrawn, target);
            }
        );

    private async Task<IResult> ChangeAsync(
        HttpContext context,
        string name,
        Func<BrowserUser, TargetName, Task<IResult>> change
    )
    {
        var person = await signIn.GetUserAsync(context);
        if (person is null || !await antiforgery.IsRequestValidAsync(context))
        {
            return pages.Refuse(context, ConnectRefusal.FormExpired, person);
        }

        if (!TargetName.TryParse(name, out var target))
        {
            return pages.Refuse(context, ConnectRefusal.UnknownLink, person);
        }

        try
        {
            return await change(person, target);
        }
        catch (AuditUnavailableException)
        {
            return pages.Refuse(context, ConnectRefusal.AuditUnwritable, person);
        }
        catch (VaultUnavailableException)
        {
            return pages.Refuse(context, ConnectRefusal.VaultUnavailable, person);
        }
    }

    private async Task<IResult> AskWhoAsync(HttpContext context)
    {
        switch (signIn.Issuers)
        {
            case []:
                return pages.Refuse(context, ConnectRefusal.NoSignIn, browser: null);
            case [var only]:
                await BrowserSignIn.ChallengeAsync(context, only, Notices.PagePath);
                return Results.Empty;
            default:
                ConnectPage.SetHeaders(context);
                return new RazorComponentResult<ChooseIssuerPage>(new { signIn.Issuers });
        }
    }

    private IEnumerable<Uri> SignOutOrigin(BrowserUser person) =>
        signIn.SignOutUrl(person.User.Issuer, Notices.PagePath) is { } url ? [url] : [];

    // Antiforgery has read the form already.
    private static string? Agent(HttpContext context) => context.Request.Form[AgentField] is [{ } agent] ? agent : null;
}
