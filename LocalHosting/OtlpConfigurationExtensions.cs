namespace AspireGateway.LocalHosting;

/// <summary>Telemetry of resources.</summary>
public static class OtlpConfigurationExtensions
{
    /// <summary>Tells a program that is no .NET project where to send its telemetry; projects are always told.</summary>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEnvironment
    {
        builder.Define().SendsTelemetry = true;
        return builder;
    }
}
