namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>
/// Follows a stream of events without reading it, to know how it could be ended in order: whether an event is half sent, and whether the
/// client could go on with it elsewhere.
/// </summary>
internal struct EventStreamEnd
{
    private uint _last = 0x0A0A;
    private bool _hasIds;

    public EventStreamEnd() { }

    /// <summary>Whether the last event is complete, so that another may follow.</summary>
    public readonly bool IsBetweenEvents => (_last & 0xFFFF) is 0x0A0A or 0x0D0D || _last == 0x0D0A0D0A;

    /// <summary>Whether an event had an id, with which a client may ask for the rest (<c>Last-Event-ID</c>).</summary>
    public readonly bool IsResumable => _hasIds;

    /// <summary>Takes note of what was sent.</summary>
    public void Follow(ReadOnlySpan<byte> sent)
    {
        _hasIds = _hasIds || sent.IndexOf("\nid:"u8) >= 0 || (IsBetweenEvents && sent.StartsWith("id:"u8));
        foreach (var value in sent[^Math.Min(sent.Length, 4)..])
        {
            _last = (_last << 8) | value;
        }
    }
}
