namespace AspireGateway.Gateway.Audit;

internal static class AuditExtensions
{
    public static void AddAudit(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AuditOptions>().BindConfiguration(AuditOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IAuditLog, JsonLinesAuditLog>();
    }
}
