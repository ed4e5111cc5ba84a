using System.Collections.ObjectModel;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>Collects the model.</summary>
internal class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly ResourceCollection _resources = [];

    public DistributedApplicationBuilder(EngineOptions options)
    {
        Options = options;
        AppHostDirectory = options.AppHostDirectory;
        var early = new ConfigurationManager();
        early.AddInMemoryCollection([
            new("hostBuilder:reloadConfigOnChange", "false"),
            new(PortPlan.RandomizeKey, options.IsTest ? "true" : null),
        ]);
        _host = new HostApplicationBuilder(
            new HostApplicationBuilderSettings
            {
                Args = options.Args,
                ApplicationName = options.AppHostAssembly?.GetName().Name,
                ContentRootPath = AppHostDirectory,
                EnvironmentName = options.IsTest ? Environments.Development : null,
                Configuration = early,
            }
        );
        ExecutionContext = new DistributedApplicationExecutionContext(
            string.Equals(Configuration["operation"], "publish", StringComparison.OrdinalIgnoreCase)
        );
    }

    public EngineOptions Options { get; }

    public Assembly? AppHostAssembly => Options.AppHostAssembly;

    public string AppHostDirectory { get; }

    public ConfigurationManager Configuration => _host.Configuration;

    public IHostEnvironment Environment => _host.Environment;

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public IResourceCollection Resources => _resources;

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (_resources.Any(other => string.Equals(other.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new DistributedApplicationException($"There are two resources named '{resource.Name}'.");
        }

        _resources.Add(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    public virtual DistributedApplication Build() => new(this);

    private sealed class ResourceCollection : Collection<IResource>, IResourceCollection;

    private sealed record ResourceBuilder<T>(IDistributedApplicationBuilder ApplicationBuilder, T Resource)
        : IResourceBuilder<T>
        where T : IResource;
}
