using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Vault;
using AspireGateway.Gateway.Vault.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Tests.Vault.Hosting;

/// <summary>A vault as a gateway has it, without the rest of the gateway. Several may share a storage.</summary>
internal sealed class VaultReplica : IAsyncDisposable
{
    private readonly IHost _host;
    private bool _started;

    private VaultReplica(IHost host, LogSink logs)
    {
        _host = host;
        Logs = logs;
    }

    public LogSink Logs { get; }

    public IServiceProvider Services => _host.Services;

    public IGrantVault Vault => Get<IGrantVault>();

    public IRecordStore Records => Get<IRecordStore>();

    public IChangeFeed Feed => Get<IChangeFeed>();

    public IVaultAdministration Administration => Get<IVaultAdministration>();

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Starts a vault and waits until it is open.</summary>
    public static async Task<VaultReplica> StartAsync(
        VaultStorage storage,
        TimeProvider? time = null,
        params (string Key, string? Value)[] settings
    )
    {
        var replica = Create(storage, time, settings: settings);
        await replica.StartAsync();
        await replica.Get<VaultAccess>().OpenedAsync(TestContext.Current.CancellationToken);
        return replica;
    }

    /// <summary>Makes a vault that is not started yet.</summary>
    public static VaultReplica Create(
        VaultStorage storage,
        TimeProvider? time = null,
        string environment = "Development",
        params (string Key, string? Value)[] settings
    )
    {
        var logs = new LogSink();
        var builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { EnvironmentName = environment }
        );
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Gateway:Vault:DataPath"] = storage.Folder,
            ["ConnectionStrings:gateway"] = storage.ConnectionString,
        };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        builder.Configuration.AddInMemoryCollection(all);
        builder.Logging.AddProvider(logs);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.AddVault();
        return new VaultReplica(builder.Build(), logs);
    }

    public Task StartAsync()
    {
        _started = true;
        return _host.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Changes the configuration while the vault runs.</summary>
    public void Configure((string Key, string? Value)[] settings)
    {
        var configuration = (IConfigurationRoot)Get<IConfiguration>();
        foreach (var (key, value) in settings)
        {
            configuration[key] = value;
        }

        configuration.Reload();
    }

    /// <summary>What is wrong with the configuration, as the gateway checks it before it starts.</summary>
    public IReadOnlyList<string> Mistakes()
    {
        try
        {
            Get<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
        catch (AggregateException exception)
        {
            return
            [
                .. exception
                    .InnerExceptions.Cast<OptionsValidationException>()
                    .SelectMany(static inner => inner.Failures),
            ];
        }
    }

    /// <summary>Result of a counting statement.</summary>
    public async Task<long> CountAsync(string sql) =>
        (
            await Get<VaultDatabase>()
                .QueryAsync(sql, static reader => reader.GetInt64(0), TestContext.Current.CancellationToken)
        ).Single();

    /// <summary>Runs a statement past the vault.</summary>
    public async Task<int> ExecuteAsync(FormattableString sql)
    {
        await using var context = Get<VaultDatabase>().CreateContext();
        return await context.Database.ExecuteSqlAsync(sql, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_started)
        {
            await _host.StopAsync(CancellationToken.None);
        }

        if (_host is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }
    }
}
