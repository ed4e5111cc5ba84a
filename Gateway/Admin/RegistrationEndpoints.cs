using AspireGateway.Gateway.Admin.Definitions;
using AspireGateway.Gateway.Admin.Requests;
using AspireGateway.Gateway.Outbound.Registration;
using AspireGateway.Gateway.Targets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireGateway.Gateway.Admin;

/// <summary><c>/admin/targets/{name}/registration</c>: how the gateway has registered itself at the authorization server of a target.</summary>
internal sealed class RegistrationEndpoints(TargetRegistry registry, RegisteredClients clients, TargetGrants people)
{
    public static void Map(IEndpointRouteBuilder admin) =>
        admin
            .MapDelete(
                TargetEndpoints.Path + "/{name}/registration",
                static (string name, RegistrationEndpoints endpoints) => endpoints.ForgetAsync(name)
            )
            .WithName("forget_registration");

    /// <summary>
    /// Forgets the registration, with all grants that were given to it: their tokens belong to a client that is none any more. An
    /// administrator who leaves in the middle does not stop it.
    /// </summary>
    public async Task<Results<Ok<ForgottenRegistrations>, ProblemHttpResult>> ForgetAsync(string name)
    {
        if (!TargetName.TryParse(name, out var parsed) || registry.Find(parsed) is not { } target)
        {
            return AdminProblem.UnknownTarget(name).ToResult();
        }

        var known = await clients.ListAsync(target.Name, CancellationToken.None);
        if (known.Count == 0)
        {
            return NotRegistered(target.Name).ToResult();
        }

        // Before the registration goes: whoever revokes tokens has to say which client they belong to.
        var (ended, revoked) = await people.EndAsync(
            target,
            grant =>
                known.Any(client =>
                    client.ClientId == grant.Binding.ClientId && client.Issuer == grant.Binding.AuthorizationServer
                ),
            isGone: false
        );
        var forgotten = await clients.ForgetAsync(target.Name, CancellationToken.None);
        return TypedResults.Ok(new ForgottenRegistrations(forgotten, ended, revoked));
    }

    private static AdminProblem NotRegistered(TargetName name) =>
        new(
            StatusCodes.Status404NotFound,
            ErrorCodes.NotRegistered,
            $"The gateway has no dynamic registration for target '{name}'. A client id of the settings, or a metadata document, is no registration that it could forget."
        );
}

/// <summary>Answer of <c>DELETE /admin/targets/{name}/registration</c>.</summary>
/// <param name="Registrations">What was forgotten.</param>
/// <param name="EndedConnections">How many people have to consent again.</param>
/// <param name="RevokedConnections">How many of their grants the authorization server confirmed to be over.</param>
internal sealed record ForgottenRegistrations(
    IReadOnlyList<ForgottenRegistration> Registrations,
    int EndedConnections,
    int RevokedConnections
);
