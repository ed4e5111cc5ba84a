using System.Reflection;

namespace AspireGateway.AppHost.TestApp;

/// <summary>This program as a resource.</summary>
public sealed class TestAppProject : IProjectMetadata
{
    /// <inheritdoc />
    public string ProjectPath { get; } =
        typeof(TestAppProject)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(static entry => entry.Key == nameof(TestAppProject))
            .Value!;
}
