using AspireGateway.Gateway.Outbound.Connect;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireGateway.Gateway.Admin;

/// <summary><c>/admin/users</c>: what is done for a person who leaves.</summary>
internal sealed class UserEndpoints(Connections connections)
{
    public static void Map(IEndpointRouteBuilder admin) =>
        admin
            .MapDelete(
                "/users/{issuer}/{subject}/connections",
                static (string issuer, string subject, UserEndpoints endpoints) =>
                    endpoints.DisconnectAsync(issuer, subject)
            )
            .WithName("end_connections");

    /// <summary>Ends all connections of a person; an administrator who leaves in the middle does not stop it.</summary>
    public async Task<Ok<EndedConnections>> DisconnectAsync(string issuer, string subject)
    {
        // Of an encoded path, routing leaves this one character as it came.
        var user = new UserId(issuer, subject.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase));
        var ended = await connections.DisconnectAllAsync(user, CancellationToken.None);
        return TypedResults.Ok(
            new EndedConnections([
                .. ended.Select(static connection => new EndedConnection(
                    connection.Target.Value,
                    connection.IsRevoked
                )),
            ])
        );
    }
}

/// <summary>Answer of <c>DELETE /admin/users/{issuer}/{subject}/connections</c>.</summary>
internal sealed record EndedConnections(IReadOnlyList<EndedConnection> Connections);

/// <summary>A connection that was ended.</summary>
/// <param name="Target">Target.</param>
/// <param name="Revoked">Whether its provider confirmed that it accepts the tokens no more; else they live until they expire.</param>
internal sealed record EndedConnection(string Target, bool Revoked);
