using AspireGateway.Dashboard;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>States in words, for people.</summary>
internal static class Words
{
    public static string Of(ResourceState state) =>
        state switch
        {
            ResourceState.NotStarted => "not started",
            ResourceState.FailedToStart => "failed to start",
            ResourceState.Finished => "has ended",
            ResourceState.Exited => "has failed",
            _ => state.ToString().ToLowerInvariant(),
        };
}
