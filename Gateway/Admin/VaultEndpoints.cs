using AspireGateway.Gateway.Vault;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireGateway.Gateway.Admin;

/// <summary><c>/admin/vault</c>: which keys are needed, and the last step of a rotation.</summary>
internal static class VaultEndpoints
{
    public static void Map(IEndpointRouteBuilder admin)
    {
        var vault = admin.MapGroup("/vault");
        vault.MapGet("", ReadAsync).WithName("read_vault");
        vault.MapPost("/rewrap", RewrapAsync).WithName("rewrap_vault");
    }

    private static async Task<Ok<VaultState>> ReadAsync(IVaultAdministration vault, CancellationToken cancel) =>
        TypedResults.Ok(await vault.GetStateAsync(cancel));

    private static async Task<Ok<RewrapReport>> RewrapAsync(IVaultAdministration vault, CancellationToken cancel) =>
        TypedResults.Ok(await vault.RewrapAsync(cancel));
}
