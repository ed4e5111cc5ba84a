using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Policies;

internal static class PoliciesExtensions
{
    /// <summary>Adds the rules about who may call which tool.</summary>
    public static void AddPolicies(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<PoliciesOptions>, PoliciesOptionsValidator>();
        services.AddOptions<PoliciesOptions>().BindConfiguration(PoliciesOptions.Section).ValidateOnStart();
        services.AddSingleton<ToolScopes>();
    }
}
