using System.Reflection;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>How an application is run: by a person, or by a test.</summary>
internal sealed record EngineOptions
{
    /// <summary>The program that holds the model.</summary>
    public required Assembly? AppHostAssembly { get; init; }

    /// <summary>Command line.</summary>
    public required string[] Args { get; init; }

    /// <summary>Whether a test runs it: no console, no dashboard, dynamic ports.</summary>
    public bool IsTest { get; init; }

    /// <summary>Whether resources are told to write in colours, because somebody sees them.</summary>
    public bool HasColor { get; init; }

    /// <summary>Clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The AppHost's folder, as the build wrote it into the assembly.</summary>
    public string AppHostDirectory =>
        AppHostAssembly
            ?.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(static entry =>
                string.Equals(entry.Key, "AppHostProjectPath", StringComparison.OrdinalIgnoreCase)
            )
            ?.Value
        ?? Directory.GetCurrentDirectory();
}
