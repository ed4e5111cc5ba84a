using AspireGateway.Gateway.Tests.Vault.Hosting;
using AspireGateway.TestKit;

[assembly: AssemblyFixture(typeof(PostgreSqlFixture))]

namespace AspireGateway.Gateway.Tests.Vault.Hosting;

/// <summary>One server for the whole run, started by the first test that asks for it.</summary>
public sealed class PostgreSqlFixture : IAsyncDisposable
{
    private readonly Lock _starting = new();
    private Task<PostgreSql>? _server;

    /// <summary>The server; a test that asks where there can be none is skipped.</summary>
    public Task<PostgreSql> ServerAsync()
    {
        if (PostgreSql.Unavailable is { } reason)
        {
            Assert.Skip($"No PostgreSQL: {reason}.");
        }

        lock (_starting)
        {
            return _server ??= PostgreSql.StartAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await (await _server).DisposeAsync();
        }
    }
}
