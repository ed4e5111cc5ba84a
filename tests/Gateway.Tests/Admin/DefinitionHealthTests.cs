using System.Net;
using AspireGateway.Gateway.Admin.Definitions;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Vault.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Admin;

/// <summary>What a probe says of a gateway that starts while another one still holds the vault's tables.</summary>
public sealed class DefinitionHealthTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-health-").FullName;

    [Fact]
    public async Task The_first_probe_waits_until_the_definitions_were_read()
    {
        // No time passes: a probe is patient for as long as making the tables takes this machine.
        await using var host = await GatewayHost.StartAsync(
            time: new FakeTimeProvider(TimeProvider.System.GetUtcNow()),
            settings: [("Gateway:Vault:DataPath", _folder)]
        );
        var tables = HoldTables();
        using var client = await host.CreateReadyClientAsync();
        var probing = client.GetAsync("/health", TestContext.Current.CancellationToken);
        probing.IsCompleted.ShouldBeFalse();
        await tables.DisposeAsync();

        using var answer = await probing;

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Logs.Text.ShouldNotContain("not read yet");
    }

    [Fact]
    public async Task A_probe_does_not_wait_for_ever_and_says_what_is_missing()
    {
        var time = new FakeTimeProvider();
        await using var host = await GatewayHost.StartAsync(settings: [("Gateway:Vault:DataPath", _folder)]);
        await using var tables = HoldTables();
        using var client = await host.CreateReadyClientAsync();
        var check = new DefinitionHealthCheck(host.Services.GetRequiredService<DefinitionStore>(), time);

        var checking = check.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(5));
        var result = await checking;

        result.Status.ShouldBe(HealthStatus.Unhealthy);
        result.Description.ShouldNotBeNull().ShouldContain("targets of the admin API");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // As a gateway does that makes or changes the tables.
    private FileStream HoldTables()
    {
        var folder = new VaultFolder(_folder);
        OwnerOnly.CreateFolder(folder.FullPath);
        return OwnerOnly.Open(folder.LockFile, FileMode.OpenOrCreate, FileShare.None);
    }
}
