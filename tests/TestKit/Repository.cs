namespace AspireGateway.TestKit;

/// <summary>The repository that the tests were built from.</summary>
public static class Repository
{
    private static readonly string Root = FindRoot();

    /// <summary>Absolute path of a file or folder.</summary>
    public static string File(string path) => Path.Combine(Root, path);

    /// <summary>Path of a project's program, built like the tests that run.</summary>
    /// <param name="project">Name of the project.</param>
    /// <param name="assembly">Name of its assembly, where it has another one.</param>
    public static string Program(string project, string? assembly = null)
    {
        // artifacts/bin/<tests>/<configuration>/ → artifacts/bin/<project>/<configuration>/<assembly>.dll
        var own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        return Path.GetFullPath(
            Path.Combine(own, "..", "..", project, Path.GetFileName(own), $"{assembly ?? project}.dll")
        );
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder.FullName, "AspireGateway.sln")))
        {
            folder =
                folder.Parent
                ?? throw new InvalidOperationException("The tests do not run from within the repository.");
        }

        return folder.FullName;
    }
}
