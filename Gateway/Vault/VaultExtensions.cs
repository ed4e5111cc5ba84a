using AspireGateway.Gateway.Vault.Changes;
using AspireGateway.Gateway.Vault.Grants;
using AspireGateway.Gateway.Vault.Keys;
using AspireGateway.Gateway.Vault.Maintenance;
using AspireGateway.Gateway.Vault.Protection;
using AspireGateway.Gateway.Vault.Records;
using AspireGateway.Gateway.Vault.Sealing;
using AspireGateway.Gateway.Vault.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Vault;

internal static class VaultExtensions
{
    /// <summary>Fixed, so that every replica opens what another protected, wherever it is installed.</summary>
    private const string ApplicationName = "AspireGateway.Gateway";

    public static void AddVault(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<VaultOptions>, VaultOptionsValidator>();
        services.AddSingleton<IValidateOptions<VaultOptions>, KeyRingValidator>();
        services.AddOptions<VaultOptions>().BindConfiguration(VaultOptions.Section).ValidateOnStart();
        services.AddVaultServices();
        services.AddHealthChecks().AddCheck<VaultHealthCheck>("vault");

        // After the opener, since the framework asks for the keys when it starts.
        services.AddDataProtection().SetApplicationName(ApplicationName);
        services
            .AddOptions<KeyManagementOptions>()
            .Configure<ProtectionKeys>(
                static (options, keys) =>
                {
                    options.XmlRepository = keys;

                    // The record that holds the key is sealed as a whole.
                    options.XmlEncryptor = new NullXmlEncryptor();
                }
            );
    }

    private static void AddVaultServices(this IServiceCollection services)
    {
        services.AddSingleton<VaultFolder>();
        services.AddSingleton<KeyRings>();
        services.AddSingleton<Envelope>();
        services.AddSingleton<GrantCodec>();
        services.AddSingleton(static provider =>
            VaultDatabase.Create(
                provider.GetRequiredService<IConfiguration>().GetConnectionString(VaultOptions.ConnectionName),
                provider.GetRequiredService<VaultFolder>()
            )
        );
        services.AddSingleton<VaultAccess>();
        services.AddHostedService<VaultOpener>();

        services.AddSingleton<GrantRows>();
        services.AddSingleton<GrantStore>();
        services.AddSingleton<GrantLeases>();
        services.AddSingleton<IGrantVault, GrantVault>();
        services.AddSingleton<RecordRows>();
        services.AddSingleton<IRecordStore, RecordStore>();
        services.AddSingleton<ProtectionKeys>();

        services.AddSingleton<ChangeFeed>();
        services.AddSingleton<IChangeFeed>(static provider => provider.GetRequiredService<ChangeFeed>());
        services.AddSingletonService<ChangePoller>();
        services.AddSingletonService<UsageWriter>();
        services.AddSingletonService<Cleaner>();
        services.AddSingleton<Rewrapper>();
        services.AddSingleton<IVaultAdministration, VaultAdministration>();
    }

    // A background service that others call, too.
    private static void AddSingletonService<T>(this IServiceCollection services)
        where T : class, IHostedService
    {
        services.AddSingleton<T>();
        services.AddHostedService(static provider => provider.GetRequiredService<T>());
    }
}
