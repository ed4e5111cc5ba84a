using AspireGateway.Gateway.Outbound.Discovery;
using AspireGateway.Gateway.Tests.Vault.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>Parts of the OAuth client without a gateway around them: a network that the test makes up, a clock, and the vault of one replica.</summary>
public abstract class FakeWebTests : IAsyncLifetime
{
    private readonly VaultStorage _storage = VaultStorage.Sqlite();

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    private protected FakeWeb Web { get; } = new();

    private protected VaultReplica Replica { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync() => Replica = await VaultReplica.StartAsync(_storage, Time);

    public virtual async ValueTask DisposeAsync()
    {
        await Replica.DisposeAsync();
        await _storage.DisposeAsync();
        Web.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected TargetDiscovery DiscoveryWith(KnownAuthorizationServers known) =>
        new(
            new ProtectedResources(Web.Documents),
            new AuthorizationServerMetadata(Web.Documents, FakeWeb.Guard),
            known,
            Time
        );
}
