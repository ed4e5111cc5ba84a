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

        // Not BindConfiguration: that would check a changed file on the thread which saw the change, and let a mistake end the
        // process. KeyRings looks at changes itself.
        services
            .AddOptions<VaultOptions>()
            .Configure<IConfiguration>(static (options, all) => all.GetSection(VaultOptions.Section).Bind(options))
            .ValidateOnStart();
        services.AddSingleton<KeyRingValidator>();
        services.AddSingleton<IValidateOptions<KeyRingCheck>>(static provider =>
            provider.GetRequiredService<KeyRingValidator>()
        );
        services.AddOptions<KeyRingCheck>().ValidateOnStart();
        services.AddVaultServices();
        services.AddHealthChecks().AddCheck<VaultHealthCheck>("vault");

        builder.LoadProtectionKeysWhenNeeded();
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

    // The framework would read its keys before the gateway listens, and so wait for the database. Whoever calls
    // AddDataProtection adds that service again, so it is taken away when everything has been added.
    private static void LoadProtectionKeysWhenNeeded(this IHostApplicationBuilder builder)
    {
        var check = builder.Environment.IsDevelopment();
        builder.ConfigureContainer(
            new DefaultServiceProviderFactory(
                new ServiceProviderOptions { ValidateScopes = check, ValidateOnBuild = check }
            ),
            static services =>
            {
                foreach (var service in services.Where(IsProtectionKeyLoader).ToList())
                {
                    services.Remove(service);
                }
            }
        );
    }

    private static bool IsProtectionKeyLoader(ServiceDescriptor service) =>
        service is { IsKeyedService: false, ImplementationType: { } type }
        && service.ServiceType == typeof(IHostedService)
        && type.Assembly == typeof(IDataProtectionBuilder).Assembly;

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
