using System.Text;
using AspireGateway.Gateway.Tests.Vault.Hosting;
using AspireGateway.Gateway.Vault;
using AspireGateway.Gateway.Vault.Keys;
using Microsoft.AspNetCore.DataProtection;
using static AspireGateway.Gateway.Tests.Vault.Hosting.SampleGrants;

namespace AspireGateway.Gateway.Tests.Vault;

/// <summary>What is secret is found in no file of the database, in no form, also not after it was deleted.</summary>
public sealed class CanaryTests
{
    private const string Canary = "canary-5f8e2b7d9c";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Secrets_are_in_no_file_of_the_database_and_in_no_log()
    {
        await using var storage = VaultStorage.Sqlite();
        var key = "";
        await using (var replica = await VaultReplica.StartAsync(storage))
        {
            await UseAsync(replica);

            // With the write-ahead log still there, and after it was written back.
            Search(storage, Canary);
            replica.Logs.Text.ShouldNotContain(Canary);
            key = (await File.ReadAllTextAsync(Path.Combine(storage.Folder, "vault.key"), Cancel)).Trim().Split(' ')[1];
            replica.Logs.Text.ShouldNotContain(key);
        }

        Search(storage, Canary);
        Search(storage, "masterKey");
        Search(storage, key);
        Found(storage, "alice-7f3a").ShouldBeTrue("the search finds what is there");
    }

    [Fact]
    public async Task Ciphertext_of_a_removed_grant_is_gone()
    {
        await using var storage = VaultStorage.Sqlite();
        byte[] content;
        await using (var replica = await VaultReplica.StartAsync(storage))
        {
            await replica.Vault.PutAsync(Binding(), Tokens(Canary), account: null, Cancel);
            content = (
                await replica
                    .Get<AspireGateway.Gateway.Vault.Storage.VaultDatabase>()
                    .QueryAsync("SELECT content FROM grants", static row => row.GetFieldValue<byte[]>(0), Cancel)
            ).Single();
            await replica.Vault.RemoveAsync(Alice, Target("notes"), Cancel);
        }

        Files(storage).Any(file => File.ReadAllBytes(file).AsSpan().IndexOf(content) >= 0).ShouldBeFalse();
    }

    [Fact]
    public async Task Only_the_owner_can_read_the_files()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using var storage = VaultStorage.Sqlite();
        await using var replica = await VaultReplica.StartAsync(storage);
        await UseAsync(replica);

        foreach (var file in Directory.EnumerateFiles(storage.Folder))
        {
            (File.GetUnixFileMode(file) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)).ShouldBe(
                UnixFileMode.None,
                file
            );
        }
    }

    private static async Task UseAsync(VaultReplica replica)
    {
        var tokens = new GrantTokens(new Secret($"a-{Canary}"), new Secret($"r-{Canary}"), null, ScopeSet.Empty);
        var grant = await replica.Vault.PutAsync(Binding(), tokens, $"account-{Canary}", Cancel);
        var lease = await replica.Vault.TryLeaseAsync(grant, TimeSpan.FromMinutes(1), Cancel);
        await replica.Vault.CompleteRefreshAsync(lease!, tokens, Cancel);
        await replica.Vault.PutAsync(Binding(Bob), tokens, account: null, Cancel);
        await replica.Vault.RemoveAsync(Bob, Target("notes"), Cancel);
        await replica.Records.TryAddAsync(
            "kind",
            $"key-{Canary}",
            $"group-{Canary}",
            Encoding.UTF8.GetBytes($"value-{Canary}"),
            expiresAt: null,
            Cancel
        );
        (await replica.Records.ListAsync("kind", $"group-{Canary}", Cancel)).Count.ShouldBe(1);
        (await replica.Records.FindAsync("kind", $"key-{Canary}", Cancel)).ShouldNotBeNull();
        replica.Get<IDataProtectionProvider>().CreateProtector("test").Protect(Canary);
        await replica.Administration.RewrapAsync(Cancel);
        replica.Get<KeyRings>().Ids.Count.ShouldBe(1);
    }

    private static void Search(VaultStorage storage, string secret) => Found(storage, secret).ShouldBeFalse();

    // In UTF-8, in UTF-16, and in base64 at each of the three offsets; ends of the base64 text depend on what is beside it.
    private static bool Found(VaultStorage storage, string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        List<byte[]> forms = [bytes, Encoding.Unicode.GetBytes(secret)];
        for (var offset = 0; offset < 3; offset++)
        {
            var text = Convert.ToBase64String([.. new byte[offset], .. bytes]);
            forms.Add(Encoding.ASCII.GetBytes(text[(offset == 0 ? 0 : offset + 1)..^4]));
        }

        return Files(storage)
            .Any(file =>
            {
                var content = File.ReadAllBytes(file);
                return forms.Any(form => content.AsSpan().IndexOf(form) >= 0);
            });
    }

    private static IEnumerable<string> Files(VaultStorage storage) =>
        Directory
            .EnumerateFiles(storage.Folder)
            .Where(static file => Path.GetFileName(file).StartsWith("vault.db", StringComparison.Ordinal));
}
