using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using AspireGateway.Gateway.Tests.Vault.Hosting;
using AspireGateway.Gateway.Vault;
using static AspireGateway.Gateway.Tests.Vault.Hosting.SampleGrants;

namespace AspireGateway.Gateway.Tests.Vault;

/// <summary>The key-encryption key changes while the gateway runs, and the old one can be taken away afterwards.</summary>
public abstract class KeyRotationContract
{
    private readonly string _old = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private readonly string _new = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected abstract Task<VaultStorage> NewStorageAsync();

    /// <summary>Makes every update of one row fail.</summary>
    private protected abstract FormattableString FailingUpdate(int atRow);

    private protected abstract FormattableString NoFailingUpdate { get; }

    [Fact]
    public async Task A_new_key_is_deployed_activated_and_wraps_everything_until_the_old_one_can_go()
    {
        await using var storage = await NewStorageAsync();
        await using (var before = await VaultReplica.StartAsync(storage, settings: Keys("old")))
        {
            await FillAsync(before, 5);
        }

        // One replica has activated the new key already, the other only knows it. Both work with each other's rows.
        await using (var known = await VaultReplica.StartAsync(storage, settings: Keys("old", "old", "new")))
        await using (var activated = await VaultReplica.StartAsync(storage, settings: Keys("new", "old", "new")))
        {
            await activated.Vault.PutAsync(Binding(Bob), Tokens("by-new"), account: null, Cancel);
            (await known.Vault.FindAsync(Bob, Target("notes"), Cancel)).ShouldNotBeNull();
            (await activated.Vault.FindAsync(User(3), Target("notes"), Cancel)).ShouldNotBeNull();
            (await known.Records.FindAsync("kind", "key", Cancel)).ShouldNotBeNull();

            var report = await activated.Administration.RewrapAsync(Cancel);

            report.Rewrapped.ShouldBe(5 + 1 + 1, "grants, a record, and the lookup secret");
            report.Unreadable.ShouldBe(0);
            report.State.ActiveKey.ShouldBe("new");
            report.State.Keys.ShouldBe([new KeyUsage("new", true, 8), new KeyUsage("old", true, 0)]);
            (await activated.Administration.RewrapAsync(Cancel)).Rewrapped.ShouldBe(0);
        }

        await using var after = await VaultReplica.StartAsync(storage, settings: Keys("new"));
        await CheckAsync(after, 5);
        (await after.Records.FindAsync("kind", "key", Cancel)).ShouldNotBeNull("HMACs survive the rotation");
    }

    [Fact]
    public async Task A_rewrap_that_stops_in_the_middle_is_taken_up_again()
    {
        const int Grants = 250;
        await using var storage = await NewStorageAsync();
        await using (var before = await VaultReplica.StartAsync(storage, settings: Keys("old")))
        {
            await FillAsync(before, Grants);
        }

        long left;
        await using (var first = await VaultReplica.StartAsync(storage, settings: Keys("new", "old", "new")))
        {
            await first.ExecuteAsync(FailingUpdate(atRow: 120));
            await Should.ThrowAsync<VaultUnavailableException>(() => first.Administration.RewrapAsync(Cancel));
            left = await first.CountAsync("SELECT COUNT(*) FROM grants WHERE key_id = 'old'");
            left.ShouldBe(Grants - 119);
            await first.ExecuteAsync(NoFailingUpdate);
        }

        await using var second = await VaultReplica.StartAsync(storage, settings: Keys("new", "old", "new"));
        await CheckAsync(second, Grants);
        var report = await second.Administration.RewrapAsync(Cancel);

        report.Rewrapped.ShouldBe(left + 2);
        report.State.Keys.Single(static key => key.Id == "old").Rows.ShouldBe(0);
        await CheckAsync(second, Grants);
    }

    [Fact]
    public async Task Rows_that_no_key_opens_are_counted_and_left_alone_and_the_others_are_wrapped()
    {
        await using var storage = await NewStorageAsync();
        await using (var before = await VaultReplica.StartAsync(storage, settings: Keys("old")))
        {
            await FillAsync(before, 4);
        }

        await using var replica = await VaultReplica.StartAsync(storage, settings: Keys("new", "old", "new"));
        await replica.ExecuteAsync($"UPDATE grants SET key_id = 'lost' WHERE subject IN ('user-1', 'user-3')");
        await replica.ExecuteAsync($"UPDATE records SET key_id = 'lost'");
        await replica.ExecuteAsync($"UPDATE secrets SET key_id = 'lost'");

        var report = await replica.Administration.RewrapAsync(Cancel);

        report.Rewrapped.ShouldBe(2);
        report.Unreadable.ShouldBe(4);
        report.State.Keys.ShouldBe([
            new KeyUsage("lost", false, 4),
            new KeyUsage("new", true, 2),
            new KeyUsage("old", true, 0),
        ]);
        replica.Logs.Text.ShouldContain("keys from Gateway:Vault:Keys");
        replica.Logs.Text.ShouldContain("table records cannot be opened: the key 'lost' is not in Gateway:Vault:Keys");
        replica.Logs.Text.ShouldContain("2 row(s) of the vault were wrapped with the key 'new'; 4 could not be read");

        await replica.ExecuteAsync($"UPDATE grants SET key_id = 'old' WHERE key_id = 'lost'");
        (await replica.Administration.RewrapAsync(Cancel)).Rewrapped.ShouldBe(2, "nothing was done to them");
        await CheckAsync(replica, 4);
    }

    [Fact]
    public async Task Refreshes_go_on_during_a_rewrap_and_none_is_lost()
    {
        const int Grants = 60;
        await using var storage = await NewStorageAsync();
        await using (var before = await VaultReplica.StartAsync(storage, settings: Keys("old")))
        {
            await FillAsync(before, Grants);
        }

        await using var writer = await VaultReplica.StartAsync(storage, settings: Keys("old", "old", "new"));
        await using var admin = await VaultReplica.StartAsync(storage, settings: Keys("new", "old", "new"));
        var refreshes = Task.Run(
            async () =>
            {
                for (var i = Grants - 1; i >= 0; i--)
                {
                    var grant = (await writer.Vault.ReadAsync(User(i), Target("notes"), Cancel)).ShouldNotBeNull();
                    var lease = (
                        await writer.Vault.TryLeaseAsync(grant, TimeSpan.FromMinutes(1), Cancel)
                    ).ShouldNotBeNull();
                    (await writer.Vault.CompleteRefreshAsync(lease, Tokens($"next-{i}"), Cancel)).ShouldNotBeNull();
                }
            },
            Cancel
        );
        await Task.WhenAll(refreshes, admin.Administration.RewrapAsync(Cancel));

        for (var i = 0; i < Grants; i++)
        {
            var grant = (await admin.Vault.ReadAsync(User(i), Target("notes"), Cancel)).ShouldNotBeNull();
            grant.Tokens!.AccessToken.Reveal().ShouldBe($"access-next-{i}");
        }

        (await admin.Administration.RewrapAsync(Cancel))
            .State.Keys.Single(static key => key.Id == "old")
            .Rows.ShouldBe(0);
    }

    [Fact]
    public async Task A_key_that_rows_need_cannot_be_left_out_and_nothing_is_changed()
    {
        await using var storage = await NewStorageAsync();
        await using var late = VaultReplica.Create(storage, settings: Keys("new"));
        late.Mistakes().ShouldBeEmpty("there is no row yet");
        await using (var before = await VaultReplica.StartAsync(storage, settings: Keys("old")))
        {
            await FillAsync(before, 1);
        }

        await using (var without = VaultReplica.Create(storage, settings: Keys("new")))
        {
            without.Mistakes().ShouldHaveSingleItem().ShouldContain("sealed with the key(s) old");
        }

        // Past the check, as with a database that answers later only, it stays shut.
        await late.StartAsync();
        var refused = await Should.ThrowAsync<VaultUnavailableException>(() =>
            late.Vault.PutAsync(Binding(), Tokens(), account: null, Cancel)
        );
        refused.Message.ShouldContain("old");

        await using var again = VaultReplica.Create(storage, settings: Keys("old"));
        again.Mistakes().ShouldBeEmpty();
        await again.StartAsync();
        await CheckAsync(again, 1);
    }

    [Fact]
    public async Task A_new_key_is_taken_while_the_gateway_runs_and_a_bad_change_is_not()
    {
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage, settings: Keys("old"));
        await FillAsync(replica, 1);

        replica.Configure(Keys("new", "old", "new"));
        (await replica.Administration.GetStateAsync(Cancel)).ActiveKey.ShouldBe("new");
        await CheckAsync(replica, 1);

        replica.Configure([("Gateway:Vault:ActiveKey", "none")]);
        (await replica.Administration.GetStateAsync(Cancel)).ActiveKey.ShouldBe("new");
        replica.Logs.Text.ShouldContain("ActiveKey is 'none'");

        // Rows still need the old key, so it cannot be taken away.
        replica.Configure(Keys("new", "new", "other"));
        await CheckAsync(replica, 1);
        replica.Logs.Text.ShouldContain("sealed with the key(s) old");
    }

    private (string, string?)[] Keys(string active, params string[] ids) =>
        [
            .. (ids.Length == 0 ? [active] : ids).SelectMany(
                (id, i) =>
                    new (string, string?)[]
                    {
                        ($"Gateway:Vault:Keys:{i}:Id", id),
                        ($"Gateway:Vault:Keys:{i}:Value", id == "old" ? _old : _new),
                    }
            ),
            ("Gateway:Vault:ActiveKey", active),
        ];

    private static UserId User(int number) => new("corp", $"user-{number}");

    private static async Task FillAsync(VaultReplica replica, int grants)
    {
        for (var i = 0; i < grants; i++)
        {
            await replica.Vault.PutAsync(Binding(User(i)), Tokens($"{i}"), account: null, Cancel);
        }

        await replica.Records.TryAddAsync("kind", "key", group: null, "value"u8.ToArray(), expiresAt: null, Cancel);
    }

    private static async Task CheckAsync(VaultReplica replica, int grants)
    {
        for (var i = 0; i < grants; i++)
        {
            var grant = await replica.Vault.ReadAsync(User(i), Target("notes"), Cancel);
            grant.ShouldNotBeNull().Tokens!.AccessToken.Reveal().ShouldBe($"access-{i}");
        }
    }
}

public sealed class SqliteKeyRotationTests : KeyRotationContract
{
    private protected override Task<VaultStorage> NewStorageAsync() => Task.FromResult(VaultStorage.Sqlite());

    private protected override FormattableString FailingUpdate(int atRow) =>
        FormattableStringFactory.Create(
            $"CREATE TRIGGER crash BEFORE UPDATE ON grants WHEN NEW.id = {atRow} BEGIN SELECT RAISE(ABORT, 'crash'); END"
        );

    private protected override FormattableString NoFailingUpdate => $"DROP TRIGGER crash";
}

public sealed class PostgresKeyRotationTests(PostgreSqlFixture postgres) : KeyRotationContract
{
    private protected override async Task<VaultStorage> NewStorageAsync() =>
        await VaultStorage.PostgresAsync(await postgres.ServerAsync());

    private protected override FormattableString FailingUpdate(int atRow) =>
        FormattableStringFactory.Create(
            $"""
            CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''crash''; END';
            CREATE TRIGGER crash BEFORE UPDATE ON grants FOR EACH ROW WHEN (NEW.id = {atRow}) EXECUTE FUNCTION crash()
            """
        );

    private protected override FormattableString NoFailingUpdate => $"DROP TRIGGER crash ON grants";
}
