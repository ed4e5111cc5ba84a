using System.Diagnostics;
using AspireGateway.Gateway.Audit;
using AspireGateway.Gateway.Outbound.Connect;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Outbound.SelfService;

/// <summary>What a person does to their own connections, by page or by program; each change leaves one audit record.</summary>
internal sealed class ConnectionChanges(
    Connections connections,
    IGrantVault vault,
    ClientConsents clients,
    ConsentRequests consents,
    IAuditLog audit,
    TimeProvider time
)
{
    /// <summary>Ends a connection.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="client">The agent that asked for it; null for the person's own browser.</param>
    /// <param name="target">Which.</param>
    /// <param name="cancel">Stops before anything was changed.</param>
    /// <returns>Null when there was none.</returns>
    /// <exception cref="AuditUnavailableException">It cannot be recorded, and was not done.</exception>
    public async Task<Disconnection?> DisconnectAsync(
        UserId user,
        string? client,
        TargetName target,
        CancellationToken cancel
    )
    {
        var call = await BeginAsync(user, client, target, "disconnect");
        var ended = await connections.DisconnectAsync(user, target, cancel);
        Record(
            call,
            user,
            client,
            target,
            ended?.Revocation switch
            {
                null => ErrorCodes.NotConnected,
                Revocation.NotConfirmed => "disconnected_not_revoked",
                _ => "disconnected",
            },
            ended is not null
        );
        return ended;
    }

    /// <summary>Takes back what a person allowed to an agent.</summary>
    /// <exception cref="AuditUnavailableException">It cannot be recorded, and was not done.</exception>
    public async Task WithdrawAsync(UserId user, TargetName target, string agent, CancellationToken cancel)
    {
        var call = await BeginAsync(user, agent, target, "withdraw");
        var withdrawn =
            await vault.ReadAsync(user, target, cancel) is { } grant
            && await clients.WithdrawAsync(grant.Id, agent, cancel);
        Record(call, user, agent, target, withdrawn ? "agent_withdrawn" : ErrorCodes.AgentNotAllowed, withdrawn);
    }

    /// <summary>Opens a question that the person asks themselves.</summary>
    /// <param name="user">The person.</param>
    /// <param name="target">Which target.</param>
    /// <param name="agent">The waiting agent that it is for; null to allow nothing to any agent yet.</param>
    /// <param name="again">Whether a new sign-in at the third party is wanted, for example with another account.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>Path of the consent page; null when the agent does not wait.</returns>
    public async Task<string?> AskAsync(
        UserId user,
        TargetName target,
        string? agent,
        bool again,
        CancellationToken cancel
    )
    {
        // Only who has asked: a form cannot bring in an agent that the person never heard of.
        if (
            agent is not null
            && !(await consents.WaitingAsync(user, target, cancel)).Contains(agent, StringComparer.Ordinal)
        )
        {
            return null;
        }

        var question = new ConsentRequest
        {
            Issuer = user.Issuer,
            Subject = user.Subject,
            Client = agent,
            Target = target.Value,
            ElicitationId = $"{Guid.NewGuid():N}",
            TraceParent = Activity.Current?.Id,
            Force = again,
            FromPage = true,
        };
        // What the agent waits for may be more than what was given before.
        var scopes = agent is null ? null : await consents.OpenScopesAsync(question, cancel);
        return ConsentRequests.Path + await consents.OpenAsync(question with { Scopes = scopes?.ToString() }, cancel);
    }

    private async Task<AuditCall> BeginAsync(UserId user, string? client, TargetName target, string what)
    {
        var intent = Entry(user, client, target, what) with { Kind = RecordKinds.Intent };
        if (await audit.BeginAsync(intent) is { } call)
        {
            return call;
        }

        audit.Add(
            intent with
            {
                Kind = RecordKinds.Decision,
                Decision = "refused",
                Reason = ErrorCodes.AuditUnwritable,
                Status = StatusCodes.Status503ServiceUnavailable,
            }
        );
        throw new AuditUnavailableException();
    }

    private void Record(AuditCall call, UserId user, string? client, TargetName target, string reason, bool isChange) =>
        audit.Add(
            Entry(user, client, target, reason) with
            {
                Kind = RecordKinds.Outcome,
                Call = call,
                Decision = isChange ? "allowed" : "refused",
                Status = isChange ? StatusCodes.Status200OK : StatusCodes.Status404NotFound,
            }
        );

    private AuditRecord Entry(UserId user, string? client, TargetName target, string reason) =>
        new()
        {
            Time = time.GetUtcNow(),
            Decision = "allowed",
            Reason = reason,
            User = user.ToString(),
            Client = client,
            Target = target.Value,
            Name = "connections",
            TraceId = Activity.Current?.TraceId.ToHexString(),
        };
}
