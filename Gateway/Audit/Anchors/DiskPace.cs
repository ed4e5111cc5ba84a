namespace AspireGateway.Gateway.Audit.Anchors;

/// <summary>
/// Says which anchors are put down to the disk. A busy gateway signs dozens a second, and each wait for the disk makes the file system write
/// whatever else waits there; an anchor puts down those before it in its file. Not for threads at once.
/// </summary>
internal sealed class DiskPace(TimeProvider time)
{
    /// <summary>How long an anchor may be with the operating system only, while others follow it.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private long? _last;

    /// <summary>Whether this one is put down.</summary>
    /// <param name="always">It is a rare one, or the records themselves wait for the disk.</param>
    public bool Take(bool always)
    {
        if (!always && _last is { } last && time.GetElapsedTime(last) < Longest)
        {
            return false;
        }

        _last = time.GetTimestamp();
        return true;
    }
}
