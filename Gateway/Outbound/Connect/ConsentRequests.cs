using System.Diagnostics;
using AspireGateway.Gateway.Inbound.SignIn;
using AspireGateway.Gateway.Targets.Credentials;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Vault;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Outbound.Connect;

/// <summary>
/// The questions that are open. Each call that needs a consent asks one of its own; questions of one person about one target stand
/// beside each other, and whoever is answered first answers those that it covers too.
/// </summary>
internal sealed class ConsentRequests(
    IRecordStore store,
    IChangeFeed feed,
    BrowserSignIn signIn,
    IOptions<GatewayOptions> gateway,
    IOptions<OutboundOptions> options,
    TimeProvider time,
    ILogger<ConsentRequests> logger
)
{
    /// <summary>Path of the connect page, in front of the handle.</summary>
    public const string Path = "/connect/";

    /// <summary>Topic of <see cref="IChangeFeed"/> with the ids of answered elicitations.</summary>
    public const string AnsweredTopic = "elicitation";

    /// <summary>Kind of the records that hold the questions.</summary>
    public const string Kind = "consent";

    // A client that keeps calling does not fill the database.
    private const int MaxOpen = 50;

    private readonly JsonRecords<ConsentRequest> _records = new(store, Kind);

    /// <summary>Asks: the answer for the client holds a new link to the gateway's own connect page.</summary>
    public async Task<CredentialResult> AskAsync(CredentialRequest request, ScopeSet? scopes, CancellationToken cancel)
    {
        if (!request.MayAsk)
        {
            return new CredentialResult.Unavailable(CredentialResult.NotAsked, "The person has not allowed this yet.");
        }

        if (!signIn.CanSignIn(request.User.Issuer))
        {
            return new CredentialResult.Unavailable(
                ErrorCodes.SignInNotConfigured,
                $"Target '{request.Target.Name}' needs your consent, but people of issuer '{request.User.Issuer}' cannot sign in at the gateway. Its administrator should set SignIn:ClientId for that issuer."
            );
        }

        if (request.ReturnUrl is { } url && !options.Value.AllowedReturnUrls.Contains(url, StringComparer.Ordinal))
        {
            return new CredentialResult.Unavailable(
                ErrorCodes.ReturnUrlNotAllowed,
                "The returnUrl of this call is not allowed. Its administrator can add it to Gateway:Outbound:AllowedReturnUrls."
            );
        }

        var question = new ConsentRequest
        {
            Issuer = request.User.Issuer,
            Subject = request.User.Subject,
            Client = request.Client,
            Target = request.Target.Name.Value,
            Scopes = scopes?.ToString(),
            ElicitationId = $"{request.SessionTag}{Guid.NewGuid():N}",
            TraceParent = Activity.Current?.Id,
            ReturnUrl = request.ReturnUrl,
            Force = request.ForceConsent,
        };
        var handle = await OpenAsync(question, cancel);
        return new CredentialResult.ConsentRequired(
            new Uri(gateway.Value.Absolute(Path + handle)),
            question.ElicitationId,
            $"To call '{request.Target.Name}', the gateway needs your permission to use your account there. Open the link, sign in, and allow it."
        );
    }

    /// <summary>Opens a question.</summary>
    /// <returns>The handle in its link.</returns>
    public async Task<string> OpenAsync(ConsentRequest question, CancellationToken cancel)
    {
        var handle = RandomText.New();
        await DropOldestAsync(question, cancel);
        await _records.TryAddAsync(
            handle,
            Group(question),
            question,
            time.GetUtcNow() + options.Value.ConsentLifetime,
            cancel
        );
        GatewayMetrics.Elicited("started");
        logger.PersonAsked(question.Target);
        return handle;
    }

    /// <summary>Agents that wait for a person's answer about a target, in the order in which they asked.</summary>
    public async Task<IReadOnlyList<string>> WaitingAsync(UserId user, TargetName target, CancellationToken cancel) =>
        [
            .. (await _records.ListAsync(Group(user, target.Value), cancel))
                .Where(static open => !open.Value.FromPage)
                .Select(static open => open.Value.Client)
                .OfType<string>()
                .Distinct(StringComparer.Ordinal),
        ];

    public Task<ConsentRequest?> FindAsync(string handle, CancellationToken cancel) =>
        _records.FindAsync(handle, cancel);

    /// <summary>
    /// The person has answered: closes this question and those that the grant covers too, and tells the clients that wait.
    /// </summary>
    public async Task AnsweredAsync(ConsentRequest answered, ScopeSet granted, CancellationToken cancel)
    {
        foreach (var (record, question) in await _records.ListAsync(Group(answered), cancel))
        {
            if (
                string.Equals(question.Client, answered.Client, StringComparison.Ordinal)
                && granted.ContainsAll(ScopeSet.Parse(question.Scopes))
            )
            {
                await _records.RemoveAsync(record, cancel);
                await feed.PublishAsync(AnsweredTopic, question.ElicitationId, cancel);
            }
        }

        GatewayMetrics.Elicited("completed");
    }

    /// <summary>Scopes that all open questions of this person, client and target are about, so that one consent answers them together.</summary>
    public async Task<ScopeSet?> OpenScopesAsync(ConsentRequest question, CancellationToken cancel)
    {
        var scopes = (await _records.ListAsync(Group(question), cancel))
            .Where(open => string.Equals(open.Value.Client, question.Client, StringComparison.Ordinal))
            .Where(static open => open.Value.Scopes is not null)
            .SelectMany(static open => ScopeSet.Parse(open.Value.Scopes).Values)
            .ToList();
        return scopes.Count == 0 ? null : new ScopeSet(scopes);
    }

    private async Task DropOldestAsync(ConsentRequest question, CancellationToken cancel)
    {
        var open = await _records.ListAsync(Group(question), cancel);
        foreach (var (record, _) in open.Take(open.Count - MaxOpen + 1))
        {
            await _records.RemoveAsync(record, cancel);
        }
    }

    private static string Group(ConsentRequest question) => Group(question.User, question.Target);

    private static string Group(UserId user, string target) => $"{user.Issuer} {user.Subject} {target}";
}
