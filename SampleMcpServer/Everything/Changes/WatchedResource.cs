namespace AspireGateway.SampleMcpServer.Everything.Changes;

/// <summary>A resource that changes when somebody calls the tool for it.</summary>
internal sealed class WatchedResource
{
    /// <summary>Its address.</summary>
    public const string Uri = "test://watched-resource";

    private int _version = 1;

    /// <summary>Raised after each change.</summary>
    public event EventHandler? Changed;

    /// <summary>Counts the changes, from 1.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>Changes the resource and tells everybody who watches; returns its new version.</summary>
    public int Change()
    {
        var version = Interlocked.Increment(ref _version);
        Changed?.Invoke(this, EventArgs.Empty);
        return version;
    }
}
