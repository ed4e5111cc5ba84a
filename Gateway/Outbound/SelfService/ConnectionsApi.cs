using AspireGateway.Gateway.Audit;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Outbound.SelfService.Pages;
using AspireGateway.Gateway.Vault;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireGateway.Gateway.Outbound.SelfService;

/// <summary>The caller's own connections, for programs: the same token and scope as for the MCP endpoint.</summary>
internal sealed class ConnectionsApi(ConnectionOverview overview, ConnectionChanges changes)
{
    /// <summary><c>GET /connections</c>.</summary>
    public async Task<Results<Ok<ConnectionList>, ProblemHttpResult>> ListAsync(
        HttpContext context,
        CancellationToken cancel
    )
    {
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            return TypedResults.Ok(new ConnectionList(await overview.ListAsync(context.GetCaller()!.User, cancel)));
        }
        catch (VaultUnavailableException)
        {
            return VaultUnavailable();
        }
    }

    /// <summary><c>DELETE /connections/{name}</c>.</summary>
    public async Task<Results<Ok<EndedConnection>, ProblemHttpResult>> DisconnectAsync(
        string name,
        HttpContext context,
        CancellationToken cancel
    )
    {
        context.Response.Headers.CacheControl = "no-store";
        var caller = context.GetCaller()!;
        if (!TargetName.TryParse(name, out var target))
        {
            return NotConnected();
        }

        try
        {
            return await changes.DisconnectAsync(caller.User, caller.ClientId, target, cancel) is { } ended
                ? TypedResults.Ok(new EndedConnection(ended.Target.Value, ended.IsRevoked))
                : NotConnected();
        }
        catch (AuditUnavailableException)
        {
            return AuditUnwritable();
        }
        catch (VaultUnavailableException)
        {
            return VaultUnavailable();
        }
    }

    private static ProblemHttpResult NotConnected() =>
        Problems.Of(
            StatusCodes.Status404NotFound,
            ErrorCodes.NotConnected,
            "You have no connection of this name. GET /connections lists yours."
        );

    private static ProblemHttpResult AuditUnwritable() =>
        Problems.Of(
            StatusCodes.Status503ServiceUnavailable,
            ErrorCodes.AuditUnwritable,
            "The audit record cannot be written at the moment, and nothing is changed without it. Try again later."
        );

    private static ProblemHttpResult VaultUnavailable() =>
        Problems.Of(
            StatusCodes.Status503ServiceUnavailable,
            ErrorCodes.VaultUnavailable,
            "The gateway's vault does not answer. Nothing was changed; try again later."
        );
}

/// <summary>Answer of <c>GET /connections</c>.</summary>
internal sealed record ConnectionList(IReadOnlyList<ConnectionModel> Connections);

/// <summary>Answer of <c>DELETE /connections/{name}</c>.</summary>
/// <param name="Target">Target.</param>
/// <param name="Revoked">Whether its provider confirmed that it accepts the gateway's tokens no more.</param>
internal sealed record EndedConnection(string Target, bool Revoked);
