using System.Runtime.CompilerServices;

namespace AspireGateway.Gateway.Targets.Catalogue;

/// <summary>How far the gateway is with the tools of a target.</summary>
internal enum TargetState
{
    /// <summary>Its tools are known.</summary>
    Ready,

    /// <summary>It can only be asked with a person's credential, and there is none that may be used for that.</summary>
    PendingAuth,

    /// <summary>It is being asked.</summary>
    Synchronizing,

    /// <summary>It did not answer as it should. What was known of it stays.</summary>
    Failed,
}

/// <summary>A state, and why.</summary>
/// <param name="State">The state.</param>
/// <param name="Reason">What is wrong and what to do; null where nothing is.</param>
internal sealed record TargetStatus(TargetState State, string? Reason = null)
{
    public static readonly TargetStatus Ready = new(TargetState.Ready);
    public static readonly TargetStatus Synchronizing = new(TargetState.Synchronizing);

    /// <summary>The state of a target that waits for an administrator's decision.</summary>
    public static readonly TargetStatus NoGrant = new(
        TargetState.PendingAuth,
        "Nobody's grant may be used to read its tools. Give them with the definition, or designate a grant: PUT /admin/targets/{name}/catalogue-grant. Until then each person sees the tools after their own consent."
    );

    /// <summary>The state's name in AgentCore's spelling.</summary>
    public string Name =>
        State switch
        {
            TargetState.Ready => "READY",
            TargetState.PendingAuth => "PENDING_AUTH",
            TargetState.Synchronizing => "SYNCHRONIZING",
            _ => "FAILED",
        };

    public override string ToString() => Reason is null ? Name : $"{Name}: {Reason}";
}

/// <summary>The states of all targets, as this replica sees them.</summary>
internal sealed class TargetStates(ILogger<TargetStates> logger)
{
    // A target that was edited is another object, and starts anew.
    private readonly ConditionalWeakTable<Target, TargetStatus> _states = [];

    public TargetStatus Of(Target target) => _states.TryGetValue(target, out var status) ? status : Initial(target);

    /// <summary>Sets the state; a change is logged.</summary>
    public void Set(Target target, TargetStatus status)
    {
        if (Change(target, status))
        {
            logger.StateChanged(target.Name, status.ToString());
        }
    }

    /// <summary>Sets the state for somebody who logs it.</summary>
    /// <returns>Whether it is another one than before.</returns>
    public bool Change(Target target, TargetStatus status)
    {
        if (Of(target) == status)
        {
            return false;
        }

        _states.AddOrUpdate(target, status);
        return true;
    }

    private static TargetStatus Initial(Target target) =>
        !target.NeedsPerson ? TargetStatus.Synchronizing
        : target.KnownTools.Count > 0 ? TargetStatus.Ready
        : TargetStatus.NoGrant;
}
