namespace AspireGateway.Dashboard.Tests;

/// <summary>Resources as the engine would describe them.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 2, 12, 0, 0, TimeSpan.Zero);

    public static ResourceSnapshot Healthy(string name, params EnvironmentEntry[] environment) =>
        new(
            name,
            "Project",
            $"/src/{name}/{name}.csproj",
            ResourceState.Healthy,
            Detail: null,
            ExitCode: null,
            ProcessId: 4242,
            StartedAt: Noon,
            [new ResourceUrl("http", "http://localhost:5190")],
            environment
        );

    public static ResourceSnapshot Exited(string name, int exitCode, string detail) =>
        Healthy(name) with
        {
            State = ResourceState.Exited,
            ProcessId = null,
            ExitCode = exitCode,
            Detail = detail,
        };

    public static readonly EnvironmentEntry SendsTelemetry = new(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "http://localhost:5171",
        IsSecret: false
    );
}
