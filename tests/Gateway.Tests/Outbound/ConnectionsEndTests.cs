using AspireGateway.Gateway.Outbound.Connect;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Vault.Hosting;
using AspireGateway.Gateway.Vault.Storage;
using AspireGateway.TestKit.ThirdParty;
using Microsoft.Extensions.DependencyInjection;
using static AspireGateway.Gateway.Tests.Vault.Hosting.SampleGrants;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>A disconnected person is asked again at once, nothing of the grant is left here, and its tokens are dead at the provider.</summary>
public sealed class ConnectionsEndTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Disconnecting_asks_again_revokes_both_tokens_and_leaves_no_ciphertext()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync();
        (await host.CanCallAsync()).ShouldBeTrue();
        var token = host.Protection.TokensOfCalls.Last();
        var ciphertext = (await CiphertextsAsync(host)).ShouldHaveSingleItem();
        IsInFiles(host, ciphertext).ShouldBeTrue();
        host.ThirdParty.Grants.IsGood(token).ShouldBeTrue();

        var page = await host.Browser().PressAsync("disconnect");

        page.Text.ShouldContain("Its provider confirmed that the gateway's access has ended");
        page.Card().ShouldStartWith("notes Not connected");
        (await host.CanCallAsync()).ShouldBeFalse();
        (await CiphertextsAsync(host)).ShouldBeEmpty();
        IsInFiles(host, ciphertext).ShouldBeFalse();
        host.ThirdParty.Grants.IsGood(token).ShouldBeFalse();
        var revoked = host.ThirdParty.RequestsOf("/revoke").Select(FakeAuthorizationServer.Form).ToList();
        revoked.Select(static form => form["token_type_hint"]).ShouldBe(["refresh_token", "access_token"]);
        revoked[1]["token"].ShouldBe(token);
        revoked[0]["token"].ShouldStartWith("rt-");
        host.Records("disconnected").ShouldBe(1);
        host.Gateway.AuditText().ShouldNotContain(token);
        host.Gateway.Logs.Text.ShouldNotContain(token);
    }

    [Fact]
    public async Task A_provider_that_cannot_revoke_changes_nothing_about_the_end_here_and_the_page_says_so()
    {
        await using var host = await ConsentHost.StartAsync();
        host.ThirdParty.Behaviour.ChangeMetadata = static metadata => metadata.Remove("revocation_endpoint");
        await host.ConnectAsync();

        var page = await host.Browser().PressAsync("disconnect");

        page.Text.ShouldContain("did not confirm that it ended the access too");
        (await host.CanCallAsync()).ShouldBeFalse();
        host.Records("disconnected_not_revoked").ShouldBe(1);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(400)]
    public async Task A_provider_that_fails_changes_nothing_about_the_end_here(int status)
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync();
        host.ThirdParty.Behaviour.Override = (context, request) =>
        {
            context.Response.StatusCode = status;
            return Task.FromResult(request.Path == "/revoke");
        };

        var (_, body, _) = await host.ApiAsync(HttpMethod.Delete, "/connections/notes", host.Token());

        body.ShouldBe("""{"target":"notes","revoked":false}""");
        host.ThirdParty.RequestsOf("/revoke").Count.ShouldBe(2);
        (await host.CanCallAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_browser_that_leaves_meanwhile_does_not_keep_the_tokens_alive()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync();
        var arrived = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        host.ThirdParty.Behaviour.Override = async (_, request) =>
        {
            if (request.Path == "/revoke")
            {
                arrived.TrySetResult();
                await go.Task;
            }

            return false;
        };
        using var leaves = new CancellationTokenSource();
        var connections = host.Gateway.Services.GetRequiredService<Connections>();
        TargetName.TryParse("notes", out var notes).ShouldBeTrue();

        var ending = connections.DisconnectAsync(new UserId("corp", "user-1"), notes, leaves.Token);
        await arrived.Task;
        await leaves.CancelAsync();
        go.SetResult();

        (await ending).ShouldNotBeNull().IsRevoked.ShouldBeTrue();
        host.ThirdParty.RequestsOf("/revoke").Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_one_replica_withdraws_another_forgets_within_a_second()
    {
        await using var storage = VaultStorage.Sqlite();
        await using var one = await VaultReplica.StartAsync(storage);
        await using var two = await VaultReplica.StartAsync(storage);
        using var here = new ClientConsents(one.Records, one.Feed);
        using var there = new ClientConsents(two.Records, two.Feed);
        var grant = await one.Vault.PutAsync(Binding(), Tokens("x"), account: null, Cancel);
        await here.AllowAsync(grant.Id, "agent", Cancel);
        await here.AllowAsync(grant.Id, "other", Cancel);
        (await here.IsAllowedAsync(grant, "agent", Cancel)).ShouldBeTrue();
        (await there.IsAllowedAsync(grant, "agent", Cancel)).ShouldBeTrue();

        (await there.WithdrawAsync(grant.Id, "agent", Cancel)).ShouldBeTrue();

        (await there.IsAllowedAsync(grant, "agent", Cancel)).ShouldBeFalse("it withdrew it itself");
        await Eventually.HoldsAsync(async () => !await here.IsAllowedAsync(grant, "agent", Cancel));
        (await here.IsAllowedAsync(grant, "other", Cancel)).ShouldBeTrue();
    }

    private static Task<IReadOnlyList<byte[]>> CiphertextsAsync(ConsentHost host) =>
        host
            .Gateway.Services.GetRequiredService<VaultDatabase>()
            .QueryAsync("SELECT \"Content\" FROM grants", static reader => (byte[])reader.GetValue(0), Cancel);

    private static bool IsInFiles(ConsentHost host, byte[] bytes) =>
        Directory
            .EnumerateFiles(Path.GetDirectoryName(host.Gateway.AuditPath)!, "vault.db*")
            .Any(path =>
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                using var content = new MemoryStream();
                file.CopyTo(content);
                return content.ToArray().AsSpan().IndexOf(bytes) >= 0;
            });
}
