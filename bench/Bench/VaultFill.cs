using AspireGateway.Gateway;
using AspireGateway.Gateway.Outbound.Connect;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Bench;

/// <summary>Fills the gateway's vault before it starts, with the vault's own code: a grant for every user at every target.</summary>
internal static class VaultFill
{
    // The client id in the tokens of the fake issuer.
    private const string Agent = "test-client";

    public static async Task RunAsync(Dictionary<string, string> settings, string targetUrl)
    {
        var builder = Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { EnvironmentName = Environments.Development }
        );
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Configuration.AddInMemoryCollection(
            settings.Select(static pair =>
                KeyValuePair.Create(pair.Key.Replace("__", ":", StringComparison.Ordinal), (string?)pair.Value)
            )
        );
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddVault();
        builder.Services.AddSingleton<ClientConsents>();
        using var host = builder.Build();
        await host.StartAsync();

        var vault = host.Services.GetRequiredService<IGrantVault>();
        var clients = host.Services.GetRequiredService<ClientConsents>();
        for (var user = 0; user < BenchSystem.ManyUsers; user++)
        {
            foreach (var name in BenchSystem.PersonalTargets)
            {
                var binding = new GrantBinding(
                    new UserId("bench", BenchSystem.UserOf(user)),
                    TargetName.TryParse(name, out var target) ? target : throw new InvalidOperationException(name),
                    new Uri(targetUrl).GetLeftPart(UriPartial.Authority),
                    targetUrl,
                    "bench"
                );
                var tokens = new GrantTokens(
                    new Secret(Guid.NewGuid().ToString("N")),
                    new Secret(Guid.NewGuid().ToString("N")),
                    TimeProvider.System.GetUtcNow().AddDays(1),
                    ScopeSet.Empty
                );
                var grant = await vault.PutAsync(binding, tokens, account: null, CancellationToken.None);
                await clients.AllowAsync(grant.Id, Agent, CancellationToken.None);
            }
        }

        await host.StopAsync();
    }
}
