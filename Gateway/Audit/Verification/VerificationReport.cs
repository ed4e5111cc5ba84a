namespace AspireGateway.Gateway.Audit.Verification;

/// <summary>What the verifier read, and the first thing that is wrong with each chain.</summary>
internal sealed class VerificationReport
{
    public List<Finding> Findings { get; } = [];

    /// <summary>What is no mistake, but worth knowing.</summary>
    public List<string> Notes { get; } = [];

    public int Chains { get; set; }

    public int Segments { get; set; }

    public long Records { get; set; }

    public int Anchors { get; set; }

    /// <summary>Intents without an outcome: calls in flight, or of a process that died.</summary>
    public long OpenCalls { get; set; }

    public bool IsSound => Findings.Count == 0;

    public string Summary =>
        $"{Chains} chain(s), {Segments} segment(s), {Records} record(s), {Anchors} anchor(s), {OpenCalls} call(s) without outcome";
}
