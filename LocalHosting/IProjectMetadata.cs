namespace AspireGateway.LocalHosting;

/// <summary>A project that can be a resource; the build generates one class for each project reference of the AppHost.</summary>
public interface IProjectMetadata
{
    /// <summary>Full path of the project file.</summary>
    string ProjectPath { get; }
}
