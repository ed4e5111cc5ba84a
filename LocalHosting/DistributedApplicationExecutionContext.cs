namespace AspireGateway.LocalHosting;

/// <summary>What the model is used for. The local engine can only run it.</summary>
public class DistributedApplicationExecutionContext
{
    internal DistributedApplicationExecutionContext(bool isPublishMode) => IsPublishMode = isPublishMode;

    /// <summary>Whether a description for another machine is written.</summary>
    public bool IsPublishMode { get; }

    /// <summary>Whether the resources run here.</summary>
    public bool IsRunMode => !IsPublishMode;
}
