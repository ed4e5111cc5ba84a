using System.Xml.Linq;
using AspireGateway.Gateway.Tests.Vault.Hosting;
using AspireGateway.Gateway.Vault.Protection;

namespace AspireGateway.Gateway.Tests.Vault;

/// <summary>The keys of cookies and <c>requestState</c>, of replicas that write them at the same time.</summary>
public sealed class ProtectionKeysTests
{
    [Fact]
    public async Task Of_two_replicas_that_make_the_first_key_at_the_same_time_one_wins_and_both_use_it()
    {
        await using var storage = VaultStorage.Sqlite();
        await using var one = await VaultReplica.StartAsync(storage);
        await using var other = await VaultReplica.StartAsync(storage);
        Ids(one).ShouldBeEmpty();
        Ids(other).ShouldBeEmpty();

        Store(one, "key", "first");
        Store(other, "key", "second");

        Ids(one).ShouldBe(["first"]);
        Ids(other).ShouldBe(["first"]);
    }

    [Fact]
    public async Task A_key_that_is_made_because_the_old_one_ends_is_kept_beside_it()
    {
        await using var storage = VaultStorage.Sqlite();
        await using var one = await VaultReplica.StartAsync(storage);
        await using var other = await VaultReplica.StartAsync(storage);
        Store(one, "key", "first");
        Ids(other).ShouldBe(["first"]);

        Store(other, "key", "next");

        Ids(one).ShouldBe(["first", "next"]);
        Store(one, "key", "last");
        Ids(other).ShouldBe(["first", "next", "last"]);
    }

    [Fact]
    public async Task A_revocation_is_never_lost_whatever_another_replica_stores_meanwhile()
    {
        await using var storage = VaultStorage.Sqlite();
        await using var one = await VaultReplica.StartAsync(storage);
        await using var other = await VaultReplica.StartAsync(storage);
        Ids(other).ShouldBeEmpty();
        Store(one, "key", "first");
        Ids(one).ShouldBe(["first"]);
        Store(one, "revocation", "of one");

        Store(other, "revocation", "of another");

        Ids(one).ShouldBe(["first", "of one", "of another"]);
    }

    private static void Store(VaultReplica replica, string name, string id) =>
        replica.Get<ProtectionKeys>().StoreElement(new XElement(name, new XAttribute("id", id)), $"{name}-{id}");

    private static IEnumerable<string> Ids(VaultReplica replica) =>
        replica.Get<ProtectionKeys>().GetAllElements().Select(static element => element.Attribute("id")!.Value);
}
