using AspireGateway.Gateway.Inbound.SignIn;
using AspireGateway.Gateway.Outbound.AuthorizationCode;
using AspireGateway.Gateway.Outbound.Discovery;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Outbound.Connect;

/// <summary>What the two halves of the connect page need: the question, the person in front of it, and the third party.</summary>
internal sealed class ConsentSession(
    ConsentRequests consents,
    BrowserSignIn signIn,
    TargetRegistry targets,
    ThirdParties parties,
    IGrantVault vault,
    TimeProvider time,
    ILogger<ConsentSession> logger
)
{
    /// <summary>Where "use another account" may lead.</summary>
    public IReadOnlyList<Uri> SignInOrigins => signIn.Origins;

    /// <summary>Opens a link for whoever sits at the browser.</summary>
    public async Task<OpenConsent> OpenAsync(HttpContext context, string handle, CancellationToken cancel)
    {
        if (await consents.FindAsync(handle, cancel) is not { } consent)
        {
            return new OpenConsent(Refusal: ConnectRefusal.UnknownLink);
        }

        var person = await signIn.GetUserAsync(context);
        if (person is null)
        {
            return new OpenConsent(consent, NeedsSignIn: true);
        }

        // Issuer and subject, never a name or an address: those can be given to somebody else.
        if (person.User != consent.User)
        {
            return new OpenConsent(consent, person, Refusal: ConnectRefusal.WrongPerson);
        }

        if (!TargetName.TryParse(consent.Target, out var name) || targets.Find(name) is not { } target)
        {
            return new OpenConsent(consent, person, Refusal: ConnectRefusal.UnknownLink);
        }

        var party = await parties.ForAsync(target, cancel);
        if (party.Value is not { } request)
        {
            logger.ConsentNotPossible(name, party.Problem!.Reason, party.Problem.Message);
            return new OpenConsent(consent, person, Refusal: ConnectRefusal.NotConfigured(party.Problem.Reason));
        }

        var scopes = await ScopesAsync(consent, request, cancel);
        var grant = await vault.ReadAsync(consent.User, name, cancel);
        return new OpenConsent(consent, person)
        {
            Request = request,
            Scopes = scopes,
            // A grant that is wide enough needs no second sign-in, only this agent's permission.
            Usable = IsUsable(grant, target, request, consent, scopes, time.GetUtcNow()) ? grant : null,
        };
    }

    // All that is asked at the moment, so that the person answers once.
    private async Task<ScopeSet> ScopesAsync(ConsentRequest consent, TokenRequest request, CancellationToken cancel)
    {
        var usual = request.UsualScopes;
        var asked = await consents.OpenScopesAsync(consent, cancel);
        return asked is null ? usual : usual.Union(asked);
    }

    private static bool IsUsable(
        Grant? grant,
        Target target,
        TokenRequest request,
        ConsentRequest consent,
        ScopeSet scopes,
        DateTimeOffset now
    ) =>
        grant?.Tokens is { } tokens
        // Without an agent there is nothing to allow: this person wants a new grant.
        && consent.Client is not null
        && !consent.Force
        && tokens.CanServe(now)
        && string.Equals(grant.Binding.Resource, target.Url.AbsoluteUri, StringComparison.Ordinal)
        && string.Equals(grant.Binding.AuthorizationServer, request.Server.Issuer, StringComparison.Ordinal)
        && (
            consent.Scopes is null
            || tokens.Scopes.ContainsAll(scopes.Without(AuthorizationServerMetadata.OfflineAccess))
        );
}

/// <summary>An opened link: ready to be shown, or why not.</summary>
internal sealed record OpenConsent(
    ConsentRequest? Consent = null,
    BrowserUser? Person = null,
    bool NeedsSignIn = false,
    ConnectRefusal? Refusal = null
)
{
    /// <summary>The third party; null with a refusal.</summary>
    public TokenRequest? Request { get; init; }

    /// <summary>Scopes that are asked for.</summary>
    public ScopeSet Scopes { get; init; } = ScopeSet.Empty;

    /// <summary>A grant that this agent could use right away.</summary>
    public Grant? Usable { get; init; }
}
