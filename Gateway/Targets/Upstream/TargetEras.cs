using System.Runtime.CompilerServices;

namespace AspireGateway.Gateway.Targets.Upstream;

/// <summary>
/// Which targets speak a revision without sessions, as far as is known. Those hear in each request what its client can be asked, so that one
/// connection serves clients of all kinds; the others hear it once, at the handshake.
/// </summary>
internal sealed class TargetEras
{
    private readonly ConditionalWeakTable<Target, object> _modern = [];

    public bool IsModern(Target target) => _modern.TryGetValue(target, out _);

    /// <summary>Remembers what a handshake has shown.</summary>
    public void Learn(Target target, bool isModern)
    {
        if (isModern)
        {
            _modern.AddOrUpdate(target, this);
        }
        else
        {
            _modern.Remove(target);
        }
    }
}
