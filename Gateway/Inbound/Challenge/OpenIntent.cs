using AspireGateway.Gateway.Audit;

namespace AspireGateway.Gateway.Inbound.Challenge;

/// <summary>Feature of a request whose intent is in the audit record: what is recorded next is its outcome.</summary>
/// <param name="call">Its intent.</param>
internal sealed class OpenIntent(AuditCall call)
{
    private int _isEnded;

    public AuditCall Call => call;

    /// <summary>True once: an intent has one outcome.</summary>
    public bool TryEnd() => Interlocked.Exchange(ref _isEnded, 1) == 0;
}
