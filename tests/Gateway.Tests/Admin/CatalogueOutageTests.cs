using AspireGateway.Gateway.Admin.Catalogue;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Vault;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Admin;

/// <summary>What is said about the lists of targets that need a person while the vault cannot be asked for the grant that reads them.</summary>
public sealed class CatalogueOutageTests
{
    private const string Begin = "cannot be kept in sync at the moment";
    private const string End = "are kept in sync again";

    [Fact]
    public async Task A_vault_that_stops_answering_is_told_once_whatever_the_number_of_targets_and_so_is_its_return()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var records = new Records();
        await using var host = await GatewayHost.StartAsync(
            time: time,
            settings:
            [
                ("Gateway:Targets:notes:Url", "http://localhost:1/mcp"),
                ("Gateway:Targets:notes:Credential", "authorization_code"),
                ("Gateway:Targets:drive:Url", "http://localhost:2/mcp"),
                ("Gateway:Targets:drive:Credential", "authorization_code"),
            ]
        );
        host.ChangeServices = services =>
            services.AddSingleton(provider => new CatalogueGrantStore(
                records,
                provider.GetRequiredService<IChangeFeed>(),
                time
            ));
        using var client = await host.CreateReadyClientAsync();
        await LookAsync();

        records.Fail = true;
        await LookAsync();
        await LookAsync();
        await LookAsync();
        (Count(Begin), Count(End)).ShouldBe((1, 0));
        records.Fail = false;
        await LookAsync();
        await LookAsync();
        (Count(Begin), Count(End)).ShouldBe((1, 1));

        int Count(string text) => host.Logs.Text.Split(text).Length - 1;

        // One more look than is asked for: when it begins, the one before has told what it had to tell.
        async Task LookAsync()
        {
            for (var look = 0; look < 2; look++)
            {
                var looks = records.Looks;
                time.Advance(TimeSpan.FromSeconds(20));
                await Eventually.HoldsAsync(() => records.Looks >= looks + 2);
            }
        }
    }

    /// <summary>Has no record, and says so or fails.</summary>
    private sealed class Records : IRecordStore
    {
        private int _looks;

        public bool Fail { get; set; }

        public int Looks => Volatile.Read(ref _looks);

        public Task<StoredRecord?> FindAsync(string kind, string key, CancellationToken cancel)
        {
            Interlocked.Increment(ref _looks);
            return Fail
                ? throw new VaultUnavailableException("The vault's database does not answer: refused.")
                : Task.FromResult<StoredRecord?>(null);
        }

        public Task<bool> TryAddAsync(
            string kind,
            string key,
            string? group,
            ReadOnlyMemory<byte> value,
            DateTimeOffset? expiresAt,
            CancellationToken cancel
        ) => throw new NotSupportedException();

        public Task<StoredRecord?> TakeAsync(string kind, string key, CancellationToken cancel) =>
            throw new NotSupportedException();

        public Task<StoredRecord?> TryUpdateAsync(
            StoredRecord record,
            ReadOnlyMemory<byte> value,
            DateTimeOffset? expiresAt,
            CancellationToken cancel
        ) => throw new NotSupportedException();

        public Task<bool> RemoveAsync(string kind, string key, CancellationToken cancel) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<StoredRecord>> ListAsync(string kind, string? group, CancellationToken cancel) =>
            throw new NotSupportedException();

        public Task<bool> RemoveAsync(StoredRecord record, CancellationToken cancel) =>
            throw new NotSupportedException();
    }
}
