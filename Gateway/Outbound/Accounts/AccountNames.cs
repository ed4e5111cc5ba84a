using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Outbound.AuthorizationCode;
using AspireGateway.Gateway.Outbound.Http;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Outbound.Accounts;

/// <summary>
/// Asks the third party whose account a person has just connected. A help for the person and no more: without an answer the connection has
/// no name, and works.
/// </summary>
internal sealed class AccountNames(JsonDocuments documents, TimeProvider time)
{
    private const string OpenId = "openid";

    // A person waits in front of the browser, and what they allowed is not kept yet.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The name of the account that tokens are for.</summary>
    /// <param name="request">Who gave them.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="idToken">The ID token that came with them.</param>
    /// <param name="cancel">Stops asking.</param>
    /// <returns>Null where the third party does not say.</returns>
    public async Task<string?> FindAsync(
        TokenRequest request,
        GrantTokens tokens,
        Secret? idToken,
        CancellationToken cancel
    )
    {
        var settings = request.Target.AuthorizationCode;
        if (settings.AccountEndpoint.Length > 0)
        {
            var answer = await AskAsync(new Uri(settings.AccountEndpoint), tokens.AccessToken, cancel);
            return answer is null ? null : AccountName.Read(answer, settings.AccountMember);
        }

        // What is not asked for in the name of OpenID Connect says nothing about a person.
        return tokens.Scopes.Contains(OpenId) ? await ReadOpenIdAsync(request, tokens, idToken, cancel) : null;
    }

    private async Task<string?> ReadOpenIdAsync(
        TokenRequest request,
        GrantTokens tokens,
        Secret? idToken,
        CancellationToken cancel
    )
    {
        string? subject = null;
        if (idToken is not null)
        {
            var (issuer, clientId) = (request.Server.Issuer, request.Client.ClientId);
            if (IdToken.Read(idToken.Reveal(), issuer, clientId, time.GetUtcNow()) is not { } claims)
            {
                return null;
            }

            if (AccountName.Read(claims) is { } name)
            {
                return name;
            }

            subject = claims.TextOf("sub");
        }

        // §5.3.2: the answer may be about somebody else, and is then not used.
        return
            request.Server.UserInfoEndpoint is { } endpoint
            && await AskAsync(endpoint, tokens.AccessToken, cancel) is { } info
            && (subject is null || string.Equals(info.TextOf("sub"), subject, StringComparison.Ordinal))
            ? AccountName.Read(info)
            : null;
    }

    private async Task<JsonObject?> AskAsync(Uri endpoint, Secret accessToken, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        using var request = new HttpRequestMessage(HttpMethod.Get, endpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken.Reveal());
        request.Headers.Accept.ParseAdd("application/json");
        // GitHub answers nobody who does not say who asks.
        request.Headers.UserAgent.ParseAdd("AspireGateway");
        try
        {
            var answer = await documents.SendAsync(request, either.Token);
            return answer.Status == StatusCodes.Status200OK ? answer.TryReadObject() : null;
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return null;
        }
    }
}
