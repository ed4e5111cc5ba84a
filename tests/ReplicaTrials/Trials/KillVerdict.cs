namespace AspireGateway.ReplicaTrials.Trials;

/// <summary>What went wrong so far, and how much went on at all.</summary>
internal sealed class KillVerdict
{
    private int _people;
    private int _calls;
    private int _wrong;
    private int _lost;
    private int _askedAgain;
    private int _failed;

    public int People => Volatile.Read(ref _people);

    /// <summary>Calls that were answered.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Calls that were answered with something else.</summary>
    public int Wrong => Volatile.Read(ref _wrong);

    /// <summary>Consents that were gone though their last token response had been received, or after which nothing worked any more.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>People who were asked again because the process that received the third party's answer was killed.</summary>
    public int AskedAgain => Volatile.Read(ref _askedAgain);

    public void Arrived() => Interlocked.Increment(ref _people);

    public void Answered() => Interlocked.Increment(ref _calls);

    public void Failed() => Interlocked.Increment(ref _failed);

    public void AskedAfterLoss() => Interlocked.Increment(ref _askedAgain);

    public void WrongAnswer(string person, string why)
    {
        Interlocked.Increment(ref _wrong);
        Report.Line($"WRONG {person}: {why}");
    }

    public void LostGrant(string person, string why)
    {
        Interlocked.Increment(ref _lost);
        Report.Line($"LOST {person}: {why}");
    }

    public override string ToString() =>
        $"{People} people, {Calls} calls answered, {Volatile.Read(ref _failed)} cut off, {AskedAgain} asked again, wrong {Wrong}, lost {Lost}";
}
