using System.Reflection;
using AspireGateway.LocalHosting.Engine;

namespace AspireGateway.LocalHosting;

/// <summary>Projects as resources.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project with its default launch profile.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder,
        string name
    )
        where TProject : IProjectMetadata, new() =>
        Add<TProject>(builder, name, settings => settings.FindDefault(builder.Configuration["DOTNET_LAUNCH_PROFILE"]));

    /// <summary>Adds a project with one of its launch profiles; with none when it is null.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder,
        string name,
        string? launchProfileName
    )
        where TProject : IProjectMetadata, new() =>
        Add<TProject>(builder, name, settings => launchProfileName is null ? null : settings.Get(launchProfileName));

    /// <summary>Runs several processes of the project behind one address; each request goes to another of them.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(
        this IResourceBuilder<ProjectResource> builder,
        int replicas
    )
    {
        builder.Resource.Definition.Replicas = replicas;
        return builder;
    }

    private static IResourceBuilder<ProjectResource> Add<TProject>(
        IDistributedApplicationBuilder builder,
        string name,
        Func<LaunchSettings, LaunchProfile?> select
    )
        where TProject : IProjectMetadata, new()
    {
        var project = new TProject().ProjectPath;
        var resource = new ProjectResource(name, project, AssemblyOf(typeof(TProject).Assembly, project));
        resource.Definition.LaunchProfile = select(LaunchSettings.Read(project));
        ProjectDefaults.Apply(resource);
        return builder.AddResource(resource);
    }

    // The build says in an attribute what a project's output is (AppHost/HostingEngine.targets).
    private static string AssemblyOf(Assembly appHost, string project) =>
        appHost.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(entry => entry.Key == project)?.Value
        ?? throw new DistributedApplicationException(
            $"{appHost.GetName().Name} does not say what the output of {project} is."
        );
}
