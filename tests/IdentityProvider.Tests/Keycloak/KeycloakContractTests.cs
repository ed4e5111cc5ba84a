using AspireGateway.Gateway.IntegrationTests.Systems;
using AspireGateway.IdentityProvider.Tests.Contract;

namespace AspireGateway.IdentityProvider.Tests.Keycloak;

/// <summary>The contract, kept by a real Keycloak with the realm files of AppHost.</summary>
public sealed class KeycloakContractTests(KeycloakFixture fixture)
    : IdentityProviderContract(fixture),
        IClassFixture<KeycloakFixture>;

/// <summary>One Keycloak for all tests of the contract, where this machine has one.</summary>
public sealed class KeycloakFixture : IProviderFixture, IAsyncLifetime
{
    private const string Gateway = "http://localhost:5180";
    private const string Notes = "http://localhost:5191";

    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(5);

    private IdentityProviderAlone? _keycloak;

    /// <inheritdoc />
    public string? Missing => KeycloakOfThisMachine.Missing;

    /// <inheritdoc />
    public ProviderUnderTest Provider =>
        new()
        {
            Corp = new Uri(_keycloak!.Server, "/realms/corp"),
            Partner = new Uri(_keycloak.Server, "/realms/partner"),
            Password = "demo",
            Gateway = Gateway,
            Notes = Notes,
            GatewaySecret = KeycloakOfThisMachine.GatewaySecret,
            // The feature resource-indicators is off; see realms/README.md.
            HonoursResource = false,
            RotatesInCorp = true,
        };

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        if (Missing is null)
        {
            using var timeout = new CancellationTokenSource(StartTime);
            _keycloak = await IdentityProviderAlone.StartAsync(true, Gateway, Notes, cancel: timeout.Token);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _keycloak?.DisposeAsync() ?? ValueTask.CompletedTask;
}
