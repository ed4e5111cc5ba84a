using System.Text.Json;
using AspireGateway.Gateway.Tests.Vault.Hosting;
using AspireGateway.Gateway.Vault;
using AspireGateway.Gateway.Vault.Storage;
using Microsoft.EntityFrameworkCore;
using static AspireGateway.Gateway.Tests.Vault.Hosting.SampleGrants;

namespace AspireGateway.Gateway.Tests.Vault;

/// <summary>Somebody who can write to the database, but has not the key, gets nobody's tokens used for somebody else.</summary>
public sealed class TamperingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("issuer", "'other'")]
    [InlineData("subject", "'mallory'")]
    [InlineData("target", "'elsewhere'")]
    [InlineData("authorization_server", "'https://evil.test'")]
    [InlineData("resource", "'https://evil.test/mcp'")]
    [InlineData("client_id", "'other-client'")]
    [InlineData("grant_id", "'6F9619FF-8B86-D011-B42D-00CF4FC964FF'")]
    [InlineData("generation", "generation + 1")]
    [InlineData("state", "1")]
    [InlineData("key_id", "'another'")]
    [InlineData("wrapped_key", "(SELECT wrapped_key FROM grants WHERE subject = 'bob-91c2')")]
    [InlineData("content", "(SELECT content FROM grants WHERE subject = 'bob-91c2')")]
    [InlineData("(wrapped_key, content)", "(SELECT wrapped_key, content FROM grants WHERE subject = 'bob-91c2')")]
    public async Task A_row_with_one_field_changed_is_no_grant_and_stays_as_it_is(string field, string value)
    {
        await using var storage = VaultStorage.Sqlite();
        await using var replica = await VaultReplica.StartAsync(storage);
        await replica.Vault.PutAsync(Binding(), Tokens("alice"), account: null, Cancel);
        await replica.Vault.PutAsync(Binding(Bob), Tokens("bob"), account: null, Cancel);
        var id = await replica.CountAsync("SELECT id FROM grants WHERE subject = 'alice-7f3a'");
        await replica.ExecuteAsync(
            System.Runtime.CompilerServices.FormattableStringFactory.Create(
                $"UPDATE grants SET {field} = {value} WHERE id = {id}"
            )
        );

        var before = await RowAsync(replica, id);
        var user = new UserId(before.Issuer, before.Subject);
        var target = Target(before.Target);
        await Should.ThrowAsync<VaultUnavailableException>(async () =>
            await replica.Vault.FindAsync(user, target, Cancel)
        );
        await Should.ThrowAsync<VaultUnavailableException>(() => replica.Vault.ListAsync(user, Cancel));
        await Should.ThrowAsync<VaultUnavailableException>(() => replica.Vault.RemoveAsync(user, target, Cancel));

        JsonSerializer.Serialize(await RowAsync(replica, id)).ShouldBe(JsonSerializer.Serialize(before));
        replica.Logs.Text.ShouldContain($"Row {id} of the vault's table grants cannot be opened");
        replica.Logs.Text.ShouldNotContain("access-");
        var bob = await replica.Vault.FindAsync(Bob, Target("notes"), Cancel);
        bob.ShouldNotBeNull().Tokens!.AccessToken.Reveal().ShouldBe("access-bob", "other rows are not concerned");
    }

    [Fact]
    public async Task The_way_out_of_a_broken_row_is_a_new_consent()
    {
        await using var storage = VaultStorage.Sqlite();
        await using var replica = await VaultReplica.StartAsync(storage);
        await replica.Vault.PutAsync(Binding(), Tokens("one"), account: null, Cancel);
        await replica.ExecuteAsync($"UPDATE grants SET client_id = 'x'");

        await replica.Vault.PutAsync(Binding(), Tokens("two"), account: null, Cancel);

        var found = await replica.Vault.FindAsync(Alice, Target("notes"), Cancel);
        found.ShouldNotBeNull().Tokens!.AccessToken.Reveal().ShouldBe("access-two");
    }

    [Fact]
    public async Task A_record_that_was_given_more_time_or_another_place_is_not_used_up()
    {
        await using var storage = VaultStorage.Sqlite();
        await using var replica = await VaultReplica.StartAsync(storage);
        await replica.Records.TryAddAsync("kind", "key", group: null, "v"u8.ToArray(), DateTimeOffset.MaxValue, Cancel);
        await replica.ExecuteAsync($"UPDATE records SET expires_at = expires_at + 1");

        await Should.ThrowAsync<VaultUnavailableException>(() => replica.Records.FindAsync("kind", "key", Cancel));
        await Should.ThrowAsync<VaultUnavailableException>(() => replica.Records.TakeAsync("kind", "key", Cancel));

        await replica.ExecuteAsync($"UPDATE records SET expires_at = expires_at - 1");
        (await replica.Records.TakeAsync("kind", "key", Cancel)).ShouldNotBeNull();
    }

    private static async Task<GrantRow> RowAsync(VaultReplica replica, long id)
    {
        await using var context = replica.Get<VaultDatabase>().CreateContext();
        return await context.Grants.AsNoTracking().SingleAsync(row => row.Id == id, Cancel);
    }
}
