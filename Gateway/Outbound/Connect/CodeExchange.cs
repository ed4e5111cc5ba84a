using AspireGateway.Gateway.Outbound.Accounts;
using AspireGateway.Gateway.Outbound.AuthorizationCode;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Outbound.Connect;

/// <summary>B8 goes on: what becomes of an answer that has come back to the right person, browser and target.</summary>
internal sealed class CodeExchange(
    TargetRegistry targets,
    ThirdParties parties,
    TokenEndpoint endpoint,
    AccountNames accounts,
    Connections connections,
    ILogger<CodeExchange> logger
)
{
    /// <summary>Exchanges the code and keeps the grant; a browser that leaves now changes nothing about that.</summary>
    /// <returns>Null when it is kept.</returns>
    public async Task<ConnectRefusal?> FinishAsync(CallbackParameters answer, PendingAuthorization authorization)
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
        if (result is not TokenResult.Success success)
        {
            logger.ExchangeFailed(name, ((TokenResult.Failure)result).Reason);
            return ConnectRefusal.ExchangeFailed;
        }

        return await KeepAsync(authorization, request, success);
    }

    private async Task<ConnectRefusal?> KeepAsync(
        PendingAuthorization authorization,
        TokenRequest request,
        TokenResult.Success success
    )
    {
        var account = await accounts.FindAsync(request, success.Tokens, success.IdToken, CancellationToken.None);
        try
        {
            await connections.ConnectAsync(
                authorization.Consent,
                request,
                ScopeSet.Parse(authorization.Scopes),
                success.Tokens,
                account,
                CancellationToken.None
            );
            return null;
        }
        catch (VaultUnavailableException exception)
        {
            logger.VaultUnavailable(request.Target.Name, exception.Message);
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
