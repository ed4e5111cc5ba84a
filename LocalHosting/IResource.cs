namespace AspireGateway.LocalHosting;

/// <summary>A part of the system: something that runs, or a value that parts that run need.</summary>
public interface IResource
{
    /// <summary>Unique name.</summary>
    string Name { get; }
}

/// <summary>A resource that is given environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>A resource that is given command-line arguments.</summary>
public interface IResourceWithArgs : IResource;

/// <summary>A resource that listens somewhere.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>A resource whose start can wait for others.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>A resource that others find by its name.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>A resource that others connect to with a connection string, which is its value.</summary>
public interface IResourceWithConnectionString : IResource, IValueProvider, IManifestExpressionProvider;
