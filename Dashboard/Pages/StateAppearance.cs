namespace AspireGateway.Dashboard.Pages;

/// <summary>How a state looks: always a word and an icon beside the colour.</summary>
/// <param name="Label">The word.</param>
/// <param name="Icon">Name of the icon in <c>Icon.razor</c>.</param>
/// <param name="Tone">Class that gives the colour: good, busy, warn, bad, idle.</param>
internal sealed record StateAppearance(string Label, string Icon, string Tone)
{
    public static StateAppearance Of(ResourceState state) =>
        state switch
        {
            ResourceState.NotStarted => new("Not started", "dashed", "idle"),
            ResourceState.Waiting => new("Waiting", "clock", "busy"),
            ResourceState.Starting => new("Starting", "spinner", "busy"),
            ResourceState.Running => new("Running", "play", "good"),
            ResourceState.Healthy => new("Healthy", "check", "good"),
            ResourceState.Unhealthy => new("Unhealthy", "alert", "warn"),
            ResourceState.Finished => new("Finished", "flag", "good"),
            ResourceState.Exited => new("Exited", "cross", "bad"),
            ResourceState.FailedToStart => new("Failed to start", "cross", "bad"),
            ResourceState.Stopping => new("Stopping", "stop", "busy"),
            _ => new(state.ToString(), "dashed", "idle"),
        };
}
