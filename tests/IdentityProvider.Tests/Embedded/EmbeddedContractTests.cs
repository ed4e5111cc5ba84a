using AspireGateway.IdentityProvider.Tests.Contract;

namespace AspireGateway.IdentityProvider.Tests.Embedded;

/// <summary>The contract, kept by the embedded provider.</summary>
public sealed class EmbeddedContractTests(EmbeddedFixture fixture)
    : IdentityProviderContract(fixture),
        IClassFixture<EmbeddedFixture>;

/// <summary>Both realms, once for all tests of the contract.</summary>
public sealed class EmbeddedFixture : IProviderFixture, IAsyncLifetime
{
    private EmbeddedProvider? _corp;
    private EmbeddedProvider? _partner;

    /// <inheritdoc />
    public ProviderUnderTest Provider =>
        new()
        {
            Corp = _corp!.Issuer,
            Partner = _partner!.Issuer,
            Password = EmbeddedProvider.Password,
            Gateway = EmbeddedProvider.Gateway,
            Notes = EmbeddedProvider.Notes,
            GatewaySecret = EmbeddedProvider.GatewaySecret,
            HonoursResource = true,
            RotatesInCorp = true,
        };

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        _corp = await EmbeddedProvider.StartAsync("corp");
        _partner = await EmbeddedProvider.StartAsync("partner");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _corp!.DisposeAsync();
        await _partner!.DisposeAsync();
    }
}
