using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace AspireGateway.LocalHosting;

/// <summary>The application model while it is written.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>The program that holds the model.</summary>
    Assembly? AppHostAssembly { get; }

    /// <summary>Its project's folder.</summary>
    string AppHostDirectory { get; }

    /// <summary>Configuration of the model: files beside the project, user secrets, environment, command line.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>Name of the environment, such as Development.</summary>
    IHostEnvironment Environment { get; }

    /// <summary>Whether the model runs or is published.</summary>
    DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>All resources, in the order in which they were added.</summary>
    IResourceCollection Resources { get; }

    /// <summary>Adds a resource.</summary>
    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;

    /// <summary>Ends the writing.</summary>
    DistributedApplication Build();
}

/// <summary>Resources of a model.</summary>
public interface IResourceCollection : IList<IResource>;
