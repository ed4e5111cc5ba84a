using AspireGateway.Gateway.Audit.Anchors;
using AspireGateway.Gateway.Audit.Chain;
using AspireGateway.Gateway.Audit.Journals;
using AspireGateway.Gateway.Audit.Retention;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Audit;

internal static class AuditExtensions
{
    public static void AddAudit(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<AuditOptions>, AuditOptionsValidator>();

        // Not BindConfiguration: that would check a changed file on the thread which saw the change, and let a mistake end the process.
        services
            .AddOptions<AuditOptions>()
            .Configure<IConfiguration>(static (options, all) => all.GetSection(AuditOptions.Section).Bind(options))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<AnchorKeyCheck>, AnchorKeyValidator>();
        services.AddOptions<AnchorKeyCheck>().ValidateOnStart();

        services.AddSingleton<ChainWriter>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<IAuditLog>(static provider => provider.GetRequiredService<AuditLog>());
        services.AddSingleton<AnchorFolder>(static provider =>
            new(provider.GetRequiredService<IOptions<AuditOptions>>())
        );
        services.AddSingleton<AnchorWriter>();
        services.AddSingleton<JournalRecovery>();

        // First of all services, and so the last to stop: whatever the others do at their end is still recorded.
        services.AddHostedService<AnchorService>();
        services.AddSingleton<SegmentRemover>();
        services.AddHostedService<RetentionService>();
    }
}
