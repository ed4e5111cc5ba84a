using AspireGateway.LocalHosting;
using AspireGateway.LocalHosting.Testing;

namespace AspireGateway.Gateway.IntegrationTests.Systems;

/// <summary>The Keycloak that tests may run, if this machine has one.</summary>
internal static class KeycloakOfThisMachine
{
    public const string AdminPassword = "admin-password-for-tests";
    public const string GatewaySecret = "gateway-secret-for-tests";

    private const string Variable = "KEYCLOAK_HOME";

    /// <summary>Folder of the installation, or null.</summary>
    public static string? Home { get; } =
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } home ? home : null;

    /// <summary>Why its tests are skipped, or null where they run.</summary>
    public static string? Missing { get; } =
        Home is null ? $"{Variable} is not set: name the folder of an unpacked Keycloak to run this test." : null;

    /// <summary>The AppHost's model with a Keycloak of its own: fresh data, but compiled once for all runs.</summary>
    /// <param name="data">Where it keeps its data.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="arguments">What else the AppHost is started with.</param>
    public static Task<IDistributedApplicationTestingBuilder> ComposeAsync(
        string data,
        CancellationToken cancel,
        params string[] arguments
    ) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [
                "--IdentityProvider=keycloak",
                $"--{Variable}={Home}",
                $"--DataFolder={data}",
                $"--Parameters:keycloak-admin-password={AdminPassword}",
                $"--Parameters:gateway-client-secret={GatewaySecret}",
                .. arguments,
            ],
            cancel
        );
}

/// <summary>A resource of a model that an AppHost wrote, to say more about it.</summary>
internal sealed record Written<T>(IDistributedApplicationBuilder ApplicationBuilder, T Resource) : IResourceBuilder<T>
    where T : IResource
{
    public static IEnumerable<Written<T>> AllOf(IDistributedApplicationBuilder model) =>
        model.Resources.OfType<T>().Select(resource => new Written<T>(model, resource));
}
