using AspireGateway.LocalHosting.Engine;

namespace AspireGateway.LocalHosting;

/// <summary>Base of all resources.</summary>
public abstract class Resource : IResource
{
    private protected Resource(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Any(static c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
        {
            throw new ArgumentException(
                $"'{name}' is no resource name: use letters, digits and hyphens.",
                nameof(name)
            );
        }

        Name = name;
    }

    /// <inheritdoc />
    public virtual string Name { get; }

    /// <summary>What the application model says about this resource.</summary>
    internal ResourceDefinition Definition { get; } = new();
}

/// <summary>A .NET project that runs as a process.</summary>
public class ProjectResource
    : Resource,
        IResourceWithEnvironment,
        IResourceWithArgs,
        IResourceWithServiceDiscovery,
        IResourceWithWaitSupport
{
    internal ProjectResource(string name, string projectPath, string assemblyPath)
        : base(name)
    {
        ProjectPath = projectPath;
        AssemblyPath = assemblyPath;
    }

    internal string ProjectPath { get; }

    internal string AssemblyPath { get; }
}

/// <summary>Any other program that runs as a process.</summary>
public class ExecutableResource
    : Resource,
        IResourceWithEnvironment,
        IResourceWithArgs,
        IResourceWithEndpoints,
        IResourceWithWaitSupport
{
    internal ExecutableResource(string name, string command, string workingDirectory)
        : base(name)
    {
        Command = command;
        WorkingDirectory = workingDirectory;
    }

    /// <summary>Program file.</summary>
    public string Command { get; }

    /// <summary>Folder in which it runs.</summary>
    public string WorkingDirectory { get; }
}
