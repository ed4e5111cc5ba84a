using AspireGateway.Gateway.Inbound.SignIn;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Outbound.Connect;

/// <summary>
/// B8: the browser comes back with a code. Everything about target, person and browser is checked before the code is used, and the
/// authorization is ended before that too, so that two answers cannot both be used.
/// </summary>
internal sealed class CallbackEndpoint(
    PendingAuthorizations pending,
    BrowserSignIn signIn,
    FlowCookie flowCookie,
    CodeExchange exchange,
    ConnectPage pages
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

        if (!await pages.TryBeginAsync(context, "connect", person, authorization.Consent))
        {
            return pages.Refuse(context, ConnectRefusal.AuditUnwritable, person, authorization.Consent);
        }

        if (await pending.TakeAsync(answer.State, cancel) is null)
        {
            return pages.Refuse(context, ConnectRefusal.UnknownAnswer, person, authorization.Consent);
        }

        flowCookie.Delete(context, answer.State);
        var refusal = await exchange.FinishAsync(answer, authorization);
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
