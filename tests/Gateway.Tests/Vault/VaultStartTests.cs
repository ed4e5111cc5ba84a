using System.Security.Cryptography;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Vault.Hosting;
using AspireGateway.Gateway.Vault;
using AspireGateway.Gateway.Vault.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using static AspireGateway.Gateway.Tests.Vault.Hosting.SampleGrants;

namespace AspireGateway.Gateway.Tests.Vault;

/// <summary>What the vault needs to start, and what it does without.</summary>
public sealed class VaultStartTests(PostgreSqlFixture postgres)
{
    private static readonly string Good = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string, string> Mistakes =>
        new()
        {
            { "Development", "Keys:0:Id", "", "Keys:0:Id is ''" },
            { "Development", "Keys:0:Id", "a b", "Keys:0:Id is 'a b'" },
            { "Development", "Keys:0:Value", "", "needs either Value or File" },
            { "Development", "Keys:0:File", "/dev/null", "needs either Value or File" },
            { "Development", "Keys:0:Value", "c2hvcnQ=", "Keys:0:Value is no key" },
            { "Development", "Keys:0:Value", "not base64", "Keys:0:Value is no key" },
            { "Development", "Keys:0:Value", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "Keys:0:Value is no key" },
            { "Development", "Keys:1:Id", "one", "more than one key with the Id 'one'" },
            { "Development", "Keys:1:Id", "two", "Set Gateway:Vault:ActiveKey" },
            { "Development", "ActiveKey", "three", "ActiveKey is 'three'" },
            { "Development", "CacheSize", "-1", "CacheSize is -1" },
            { "Production", "Reset", "true", "works in Development only" },
        };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_wrong_setting_is_named_with_its_fix(
        string environment,
        string key,
        string value,
        string message
    )
    {
        await using var storage = VaultStorage.Sqlite();
        (string, string?)[] right =
        [
            ("Gateway:Vault:Keys:0:Id", "one"),
            ("Gateway:Vault:Keys:0:Value", Good),
            .. key.StartsWith("Keys:1", StringComparison.Ordinal)
                ? new (string, string?)[] { ("Gateway:Vault:Keys:1:Value", Good) }
                : [],
        ];
        await using var wrong = VaultReplica.Create(
            storage,
            environment: environment,
            settings: [.. right, ($"Gateway:Vault:{key}", value)]
        );
        await using var correct = VaultReplica.Create(storage, environment: environment, settings: right[..2]);

        string.Join('\n', wrong.Mistakes()).ShouldContain(message);
        correct.Mistakes().ShouldBeEmpty();
    }

    [Fact]
    public async Task Outside_development_a_key_must_be_configured_and_none_is_made()
    {
        await using var storage = VaultStorage.Sqlite();
        await using var replica = VaultReplica.Create(storage, environment: "Production");

        replica.Mistakes().ShouldHaveSingleItem().ShouldContain("Gateway:Vault:Keys is empty");

        Directory.EnumerateFiles(storage.Folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_may_come_from_a_file_and_a_bad_file_is_named()
    {
        await using var storage = VaultStorage.Sqlite();
        var file = Path.Combine(storage.Folder, "mounted");
        VaultReplica Create() =>
            VaultReplica.Create(
                storage,
                environment: "Production",
                settings: [("Gateway:Vault:Keys:0:Id", "one"), ("Gateway:Vault:Keys:0:File", file)]
            );

        await using (var missing = Create())
        {
            missing.Mistakes().ShouldHaveSingleItem().ShouldContain("cannot be read");
        }

        await File.WriteAllTextAsync(file, "nonsense", Cancel);
        await using (var nonsense = Create())
        {
            nonsense.Mistakes().ShouldHaveSingleItem().ShouldContain("holds no key");
        }

        await File.WriteAllTextAsync(file, Good + "\n", Cancel);
        await using var replica = Create();
        replica.Mistakes().ShouldBeEmpty();
        await replica.StartAsync();
        await replica.Vault.PutAsync(Binding(), Tokens(), account: null, Cancel);
        (await replica.Administration.GetStateAsync(Cancel)).ActiveKey.ShouldBe("one");
    }

    [Fact]
    public async Task A_lost_development_key_stops_the_start_and_no_new_one_is_made()
    {
        await using var storage = VaultStorage.Sqlite();
        await using (var first = await VaultReplica.StartAsync(storage))
        {
            first.Logs.Text.ShouldContain(Path.Combine(storage.Folder, "vault.db"));
            first.Logs.Text.ShouldContain(Path.Combine(storage.Folder, "vault.key"));
        }

        var key = Path.Combine(storage.Folder, "vault.key");
        var content = await File.ReadAllTextAsync(key, Cancel);
        File.Delete(key);
        await using (var without = VaultReplica.Create(storage))
        {
            without.Mistakes().ShouldHaveSingleItem().ShouldContain("Gateway:Vault:Reset=true");
        }

        File.Exists(key).ShouldBeFalse();
        await File.WriteAllTextAsync(key, content, Cancel);
        await using var again = VaultReplica.Create(storage);
        again.Mistakes().ShouldBeEmpty();
    }

    [Fact]
    public async Task One_switch_starts_afresh()
    {
        await using var storage = VaultStorage.Sqlite();
        await using (var first = await VaultReplica.StartAsync(storage))
        {
            await first.Vault.PutAsync(Binding(), Tokens(), account: null, Cancel);
        }

        File.Delete(Path.Combine(storage.Folder, "vault.key"));
        await using var reset = VaultReplica.Create(storage, settings: ("Gateway:Vault:Reset", "true"));
        reset.Mistakes().ShouldBeEmpty();
        await reset.StartAsync();

        (await reset.Vault.ListAsync(Alice, Cancel)).ShouldBeEmpty();
        await reset.Vault.PutAsync(Binding(), Tokens(), account: null, Cancel);
    }

    [Fact]
    public async Task The_switch_is_refused_where_it_would_lose_the_key_of_a_server()
    {
        await using var storage = VaultStorage.Sqlite();
        await using var replica = VaultReplica.Create(
            storage,
            settings: [("Gateway:Vault:Reset", "true"), ("ConnectionStrings:gateway", "Host=127.0.0.1;Port=1")]
        );
        await using var wrong = VaultReplica.Create(storage, settings: ("ConnectionStrings:gateway", "postgres://x"));

        replica.Mistakes().ShouldHaveSingleItem().ShouldContain("Drop that database by hand");
        wrong.Mistakes().ShouldHaveSingleItem().ShouldContain("no connection string of PostgreSQL");
    }

    [Fact]
    public async Task The_gateway_itself_refuses_to_start_without_the_key_of_its_rows()
    {
        await using var storage = VaultStorage.Sqlite();
        await using (await VaultReplica.StartAsync(storage)) { }
        File.Delete(Path.Combine(storage.Folder, "vault.key"));
        await using var host = await GatewayHost.StartAsync(settings: ("Gateway:Vault:DataPath", storage.Folder));

        Should.Throw<Exception>(host.CreateClient);

        host.Logs.Text.ShouldContain("The gateway did not start: 1 mistake(s)");
        host.Logs.Text.ShouldContain("Gateway:Vault:Keys");
    }

    [Fact]
    public async Task The_gateway_does_not_wait_for_the_keys_of_cookies_when_it_starts()
    {
        await using var host = await GatewayHost.StartAsync();

        host.Services.GetServices<IHostedService>()
            .Select(static service => service.GetType().Name)
            .ShouldNotContain("DataProtectionHostedService");
    }

    [Fact]
    public async Task A_database_that_does_not_answer_makes_the_vault_unhealthy_until_it_does()
    {
        var server = await postgres.ServerAsync();
        await using var storage = await VaultStorage.PostgresAsync(server);
        await server.DropDatabaseAsync(storage.ConnectionString!, Cancel);
        await using var replica = VaultReplica.Create(storage);
        replica.Mistakes().ShouldBeEmpty();
        await replica.StartAsync();

        var refused = await Should.ThrowAsync<VaultUnavailableException>(() => replica.Vault.ListAsync(Alice, Cancel));
        refused.Message.ShouldContain("does not exist");
        var report = await replica.Get<HealthCheckService>().CheckHealthAsync(Cancel);
        report.Entries["vault"].Status.ShouldBe(HealthStatus.Unhealthy);
        report.Entries["vault"].Description.ShouldNotBeNull().ShouldContain("cannot be opened");

        await server.RecreateDatabaseAsync(storage.ConnectionString!, Cancel);
        while (!replica.Get<VaultAccess>().IsOpen)
        {
            await Task.Delay(20, Cancel);
        }

        (await replica.Vault.ListAsync(Alice, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_database_that_goes_away_is_reported_and_used_again_when_it_is_back()
    {
        var server = await postgres.ServerAsync();
        await using var storage = await VaultStorage.PostgresAsync(server);
        await using var replica = await VaultReplica.StartAsync(storage);
        await replica.Vault.PutAsync(Binding(), Tokens(), account: null, Cancel);
        var name = new Npgsql.NpgsqlConnectionStringBuilder(storage.ConnectionString).Database;

        await server.ExecuteAsync($"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false", Cancel);
        await server.ExecuteAsync(
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
            Cancel
        );

        await Should.ThrowAsync<VaultUnavailableException>(() =>
            replica.Vault.PutAsync(Binding(), Tokens(), account: null, Cancel)
        );
        await server.ExecuteAsync($"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true", Cancel);
        (await replica.Vault.ReadAsync(Alice, Target("notes"), Cancel)).ShouldNotBeNull();
    }
}
