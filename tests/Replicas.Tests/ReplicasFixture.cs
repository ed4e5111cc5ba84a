using AspireGateway.Replicas.Tests;
using AspireGateway.ReplicaTrials.Cluster;
using AspireGateway.TestKit;

[assembly: AssemblyFixture(typeof(ReplicasFixture))]

namespace AspireGateway.Replicas.Tests;

/// <summary>Two gateways as processes over one PostgreSQL, started once, by the first test that can have them.</summary>
public sealed class ReplicasFixture : IAsyncDisposable
{
    /// <summary>How long the third party's access tokens live, unless a test says otherwise.</summary>
    public static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(5);

    private readonly Lock _starting = new();
    private Task<ReplicaSystem>? _system;

    internal Task<ReplicaSystem> SystemAsync()
    {
        if (PostgreSql.Unavailable is { } reason)
        {
            Assert.Skip($"No PostgreSQL: {reason}.");
        }

        lock (_starting)
        {
            return _system ??= ReplicaSystem.StartAsync(
                static async _ => await QuickThirdParty.StartAsync(TokenLife),
                CancellationToken.None
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_system is not null)
        {
            await (await _system).DisposeAsync();
        }
    }
}
