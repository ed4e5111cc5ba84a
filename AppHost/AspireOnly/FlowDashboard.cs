using System.Security.Cryptography;

namespace AspireGateway.AppHost.AspireOnly;

internal static class FlowDashboard
{
    private const string Name = "flows";

    /// <summary>
    /// Adds the project's own dashboard beside Aspire's: every project sends it a second copy of its telemetry, and it draws what Aspire's
    /// dashboard cannot, the sequence diagram of a flow. A tool for development, and not published.
    /// </summary>
    public static void AddFlowDashboard(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsPublishMode)
        {
            return;
        }

        // For one run, like the token of Aspire's own dashboard.
        var login = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var apiKey = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var senders = builder.Resources.OfType<ProjectResource>().ToList();
        var dashboard = builder
            .AddProject<Projects.Dashboard>(Name)
            .WithHttpHealthCheck("/health")
            .WithUrlForEndpoint("http", url => (url.Url, url.DisplayText) = ($"/login?t={login}", "flows"))
            .WithEnvironment("Dashboard__LoginToken", login)
            .WithEnvironment("Dashboard__OtlpApiKey", apiKey);
        foreach (var sender in senders)
        {
            builder
                .CreateResourceBuilder(sender)
                .WithEnvironment("FLOW_DASHBOARD_URL", dashboard.GetEndpoint("http"))
                .WithEnvironment("FLOW_DASHBOARD_OTLP_ENDPOINT", dashboard.GetEndpoint("http"))
                .WithEnvironment("FLOW_DASHBOARD_OTLP_HEADERS", $"x-otlp-api-key={apiKey}");
        }
    }
}
