using AspireGateway.Gateway;
using AspireGateway.Gateway.Vault;
using AspireGateway.Gateway.Vault.Grants;
using AspireGateway.Gateway.Vault.Records;
using AspireGateway.Gateway.Vault.Storage;
using AspireGateway.ReplicaTrials.Cluster;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.ReplicaTrials.Trials;

/// <summary>Looks into the database with the gateway's own vault.</summary>
internal sealed class VaultInspection : IAsyncDisposable
{
    private readonly IHost _host;

    private VaultInspection(IHost host) => _host = host;

    public static async Task<VaultInspection> OpenAsync(ReplicaSystem system, CancellationToken cancel)
    {
        var builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { EnvironmentName = Environments.Development }
        );
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["ConnectionStrings:gateway"] = system.ConnectionString,
                ["Gateway:Vault:Keys:0:Id"] = ReplicaSystem.KeyId,
                ["Gateway:Vault:Keys:0:Value"] = system.Key,
            }
        );
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddVault();
        var host = builder.Build();
        await host.StartAsync(cancel);
        return new VaultInspection(host);
    }

    /// <summary>Whether these tokens can be read by any replica that asks.</summary>
    public async Task<bool> HoldsAsync(IssuedTokens tokens, CancellationToken cancel)
    {
        var user = new UserId("corp", tokens.Person);
        var grants = await _host.Services.GetRequiredService<IGrantVault>().ListAsync(user, cancel);
        return grants.SingleOrDefault()?.Tokens?.AccessToken.Reveal() == tokens.AccessToken;
    }

    /// <summary>Opens every row that the killed processes left, and compares it with the ledger.</summary>
    public async Task<(int Rows, int Corrupt)> OpenAllAsync(
        TokenLedger ledger,
        KillVerdict verdict,
        CancellationToken cancel
    )
    {
        await using var context = _host.Services.GetRequiredService<VaultDatabase>().CreateContext();
        var grants = await context.Grants.AsNoTracking().ToListAsync(cancel);
        var records = await context.Records.AsNoTracking().ToListAsync(cancel);
        var open = _host.Services.GetRequiredService<GrantRows>();
        var read = _host.Services.GetRequiredService<RecordRows>();
        var corrupt =
            grants.Count(row => IsBad(() => CheckGrant(row, open.Open(row), ledger, verdict)))
            + records.Count(row => IsBad(() => read.Open(row)));
        return (grants.Count + records.Count, corrupt);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static bool IsBad(Action check)
    {
        try
        {
            check();
            return false;
        }
        catch (Exception exception) when (exception is VaultUnavailableException or InvalidOperationException)
        {
            Report.Line($"CORRUPT {exception.Message}");
            return true;
        }
    }

    private static void CheckGrant(GrantRow row, Grant grant, TokenLedger ledger, KillVerdict verdict)
    {
        if (grant.State == GrantState.Active != grant.Tokens is not null || row.Generation < 1 || row.Fencing < 1)
        {
            throw new InvalidOperationException($"the grant of {row.Subject} contradicts itself");
        }

        if (grant.Tokens is not { } tokens)
        {
            return;
        }

        var kept = ledger.Find(tokens.AccessToken.Reveal());
        if (kept?.Person != row.Subject || kept.RefreshToken != tokens.RefreshToken?.Reveal())
        {
            throw new InvalidOperationException(
                $"the grant of {row.Subject} holds tokens of {kept?.Person ?? "nobody"}"
            );
        }

        if (ledger.LastOf(row.Subject) is { } last && last != kept && !last.MayBeLost)
        {
            verdict.LostGrant(row.Subject, "the vault does not hold the last tokens that were received");
        }
    }
}
