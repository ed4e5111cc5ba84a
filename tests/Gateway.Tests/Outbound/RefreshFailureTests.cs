using System.Reflection;
using AspireGateway.Gateway.Outbound;
using AspireGateway.Gateway.Outbound.Refresh;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Vault;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>A refresh that cannot even begin, because of the vault or of a mistake: nobody waits for ever, and the next one begins anew.</summary>
public sealed class RefreshFailureTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mistake_reaches_whoever_waits_and_does_not_stand_in_the_way_of_the_next_refresh()
    {
        await using var host = await ConsentHost.StartAsync();
        var (refresher, target, grant) = await ConnectAsync(host, new NotSupportedException("a mistake"));

        var mistake = await Should.ThrowAsync<NotSupportedException>(() =>
            refresher.RefreshAsync(target, grant, Cancel)
        );
        mistake.Message.ShouldBe("a mistake");

        // Until the first is quite over, it answers.
        var result = refresher.RefreshAsync(target, grant, Cancel);
        await Eventually.HoldsAsync(() =>
        {
            result = result.IsFaulted ? refresher.RefreshAsync(target, grant, Cancel) : result;
            return result.IsCompletedSuccessfully;
        });
        (await result).ShouldBeOfType<RefreshResult.Refreshed>().Grant.Generation.ShouldBe(2);
    }

    [Fact]
    public async Task While_the_vault_does_not_answer_it_fails_without_a_request_and_is_tried_again_soon()
    {
        await using var host = await ConsentHost.StartAsync();
        var (refresher, target, grant) = await ConnectAsync(host, new VaultUnavailableException("It does not answer."));

        var failed = (await refresher.RefreshAsync(target, grant, Cancel)).ShouldBeOfType<RefreshResult.Failed>();

        failed.Reason.ShouldBe(ErrorCodes.VaultUnavailable);
        failed.RetryAfter.ShouldNotBeNull().ShouldBeLessThan(TimeSpan.FromMinutes(1));
        host.ThirdParty.TokenRequests("refresh_token").ShouldBeEmpty();
    }

    /// <summary>A connected person, and a refresher that meets a failure once.</summary>
    private static async Task<(TokenRefresher Refresher, Target Target, Grant Grant)> ConnectAsync(
        ConsentHost host,
        Exception once
    )
    {
        await host.ConnectAsync();
        var services = host.Gateway.Services;
        TargetName.TryParse("notes", out var notes).ShouldBeTrue();
        var vault = services.GetRequiredService<IGrantVault>();
        var failing = DispatchProxy.Create<IGrantVault, FailingOnce>();
        ((FailingOnce)failing).Prepare(vault, once);
        return (
            new TokenRefresher(
                failing,
                services.GetRequiredService<RefreshAttempt>(),
                services.GetRequiredService<IOptions<OutboundOptions>>(),
                TimeProvider.System
            ),
            services.GetRequiredService<TargetRegistry>().Find(notes).ShouldNotBeNull(),
            (await vault.ReadAsync(new UserId("corp", "user-1"), notes, Cancel)).ShouldNotBeNull()
        );
    }

#pragma warning disable CA1852 // The proxy derives from it.
    private class FailingOnce : DispatchProxy
#pragma warning restore CA1852
    {
        private object? _vault;
        private Exception? _once;

        public void Prepare(object vault, Exception once) => (_vault, _once) = (vault, once);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            Interlocked.Exchange(ref _once, null) is { } exception
                ? throw exception
                : targetMethod!.Invoke(_vault, args);
    }
}
