using AspireGateway.Gateway.Inbound.SignIn;
using AspireGateway.Gateway.Outbound.AuthorizationCode;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Outbound.Connect;

/// <summary>
/// B8: the browser comes back with a code. Everything about target, person and browser is checked before the code is used, and the
/// authorization is ended before that too, so that two answers cannot both be used.
/// </summary>
internal sealed class CallbackEndpoint(
    PendingAuthorizations pending,
    BrowserSignIn signIn,
    FlowCookie flowCookie,
    TargetRegistry targets,
    ThirdParties parties,
    TokenEndpoint endpoint,
    Connections connections,
    ConnectPage pages,
    ILogger<CallbackEndpoint> logger
)
{
    public async Task<IResult> ReceiveAsync(HttpContext context, string target, CancellationToken cancel)
    {
        if (CallbackParameters.Read(context.Request.Query) is not { } answer)
        {
            return pages.Refuse(context, ConnectRefusal.Malformed, browser: null);
        }

        if (await pending.FindAsync(answer.State, cancel) is not { } authorization)
        {
            return pages.Refuse(context, ConnectRefusal.UnknownAnswer, browser: null);
        }

        using var span = GatewayTelemetry.StartBelow(Spans.ConsentCallback, authorization.Consent.TraceParent);
        span?.SetTag(Tags.Target, authorization.Consent.Target);
        var person = await signIn.GetUserAsync(context);
        if (CheckBinding(context, target, answer, authorization, person) is { } wrong)
        {
            span?.Fail(wrong.Reason);
            return pages.Refuse(context, wrong, person, authorization.Consent);
        }

        if (await pending.TakeAsync(answer.State, cancel) is null)
        {
            return pages.Refuse(context, ConnectRefusal.UnknownAnswer, person, authorization.Consent);
        }

        flowCookie.Delete(context, answer.State);
        var refusal = await FinishAsync(answer, authorization);
        if (refusal is not null)
        {
            span?.Fail(refusal.Reason);
            return pages.Refuse(context, refusal, person, authorization.Consent);
        }

        pages.Record(context, "allowed", "connected", person, authorization.Consent, StatusCodes.Status200OK);
        return pages.Done(context, authorization.Consent);
    }

    private ConnectRefusal? CheckBinding(
        HttpContext context,
        string target,
        CallbackParameters answer,
        PendingAuthorization authorization,
        BrowserUser? person
    ) =>
        !string.Equals(target, authorization.Consent.Target, StringComparison.Ordinal) ? ConnectRefusal.WrongTarget
        : person is null ? ConnectRefusal.WrongBrowser
        : person.User != authorization.Consent.User ? ConnectRefusal.WrongPerson
        : !flowCookie.Matches(context, answer.State, authorization.Browser) ? ConnectRefusal.WrongBrowser
        : null;

    /// <summary>Exchanges the code and keeps the grant; a browser that leaves now changes nothing about that.</summary>
    private async Task<ConnectRefusal?> FinishAsync(CallbackParameters answer, PendingAuthorization authorization)
    {
        if (
            !TargetName.TryParse(authorization.Consent.Target, out var name)
            || targets.Find(name) is not { } target
            || !string.Equals(target.Url.AbsoluteUri, authorization.Resource, StringComparison.Ordinal)
        )
        {
            return ConnectRefusal.UnknownAnswer;
        }

        var party = await parties.ForAsync(target, CancellationToken.None);
        if (party.Value is not { } request)
        {
            logger.ConsentNotPossible(name, party.Problem!.Reason, party.Problem.Message);
            return ConnectRefusal.NotConfigured(party.Problem.Reason);
        }

        if (!IsFrom(answer, authorization, request))
        {
            return ConnectRefusal.WrongIssuer;
        }

        if (answer.Code is null)
        {
            GatewayMetrics.Elicited("declined");
            return ConnectRefusal.Declined;
        }

        var result = await endpoint.ExchangeAsync(
            request,
            answer.Code,
            authorization.Verifier,
            authorization.RedirectUri,
            ScopeSet.Parse(authorization.Scopes),
            CancellationToken.None
        );
        if (result is not TokenResult.Success(var tokens))
        {
            logger.ExchangeFailed(name, ((TokenResult.Failure)result).Reason);
            return ConnectRefusal.ExchangeFailed;
        }

        return await KeepAsync(authorization, request, tokens);
    }

    private async Task<ConnectRefusal?> KeepAsync(
        PendingAuthorization authorization,
        TokenRequest request,
        GrantTokens tokens
    )
    {
        try
        {
            await connections.ConnectAsync(
                authorization.Consent,
                request,
                ScopeSet.Parse(authorization.Scopes),
                tokens,
                CancellationToken.None
            );
            return null;
        }
        catch (VaultUnavailableException exception)
        {
            logger.VaultUnavailable(request.Target.Name, exception);
            return ConnectRefusal.VaultUnavailable;
        }
    }

    // RFC 9207 §2.4: what is promised must come, and what comes must be right, also with an error.
    private static bool IsFrom(CallbackParameters answer, PendingAuthorization authorization, TokenRequest request) =>
        string.Equals(request.Server.Issuer, authorization.AuthorizationServer, StringComparison.Ordinal)
        && string.Equals(request.Client.ClientId, authorization.ClientId, StringComparison.Ordinal)
        && (
            answer.Issuer is null
                ? !request.Server.SendsIssuer
                : string.Equals(answer.Issuer, authorization.AuthorizationServer, StringComparison.Ordinal)
        );
}

/// <summary>The parameters of an authorization response (RFC 6749 §4.1.2). None may come twice.</summary>
internal sealed record CallbackParameters(string State, string? Code, string? Issuer)
{
    private const int MaxLength = 8 * 1024;

    /// <summary>Null when the response cannot be understood.</summary>
    public static CallbackParameters? Read(IQueryCollection query)
    {
        string[] names = ["state", "code", "iss", "error"];
        if (Array.Exists(names, name => query[name].Count > 1 || query[name].ToString().Length > MaxLength))
        {
            return null;
        }

        var (state, code) = (query["state"].ToString(), query["code"].ToString());
        var isError = query.ContainsKey("error");
        return state.Length == 0 || (code.Length == 0) != isError
            ? null
            : new CallbackParameters(
                state,
                isError ? null : code,
                query.ContainsKey("iss") ? query["iss"].ToString() : null
            );
    }
}
