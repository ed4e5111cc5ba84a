namespace AspireGateway.AppHost.LocalOnly;

internal static class FlowDashboard
{
    /// <summary>Adds nothing: the local engine's own dashboard draws the flows.</summary>
    public static void AddFlowDashboard(this IDistributedApplicationBuilder builder) =>
        ArgumentNullException.ThrowIfNull(builder);
}
