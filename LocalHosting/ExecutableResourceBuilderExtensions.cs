namespace AspireGateway.LocalHosting;

/// <summary>Other programs as resources.</summary>
public static class ExecutableResourceBuilderExtensions
{
    /// <summary>Adds a program.</summary>
    /// <param name="builder">The model.</param>
    /// <param name="name">Name of the resource.</param>
    /// <param name="command">Program file: a path, or a name to be found on the path.</param>
    /// <param name="workingDirectory">Folder to run in, relative to the AppHost's.</param>
    /// <param name="args">Arguments.</param>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder,
        string name,
        string command,
        string workingDirectory,
        params string[]? args
    )
    {
        var folder = Path.GetFullPath(workingDirectory, builder.AppHostDirectory);
        return builder.AddResource(new ExecutableResource(name, command, folder)).WithArgs(args ?? []);
    }
}
