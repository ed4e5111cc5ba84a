using System.Text.Json;
using AspireGateway.Gateway.Audit;
using AspireGateway.Gateway.Audit.Chain;
using AspireGateway.Gateway.Audit.Commands;
using AspireGateway.ReplicaTrials.Cluster;

namespace AspireGateway.ReplicaTrials.Trials;

/// <summary>Compares what the target got with what the audit record says, however often the processes that wrote it were killed.</summary>
internal static class Evidence
{
    /// <summary>Whether the record is sound and has an intent for each call that the target got.</summary>
    public static async Task<bool> IsWholeAsync(ReplicaSystem system, CancellationToken cancel)
    {
        // A gateway that starts puts what killed ones had not written yet to the end of their chains.
        await system.Replicas[0].StartAsync(cancel);
        await system.Replicas[0].KillAsync();

        using var words = new StringWriter();
        var isSound = await AuditCommand.RunAsync(["audit", "verify", "--path", system.AuditPath], words, words) == 0;
        var intents = Intents(system.AuditPath).CountBy(static call => call).ToDictionary();
        var missing = system
            .Target.Calls.CountBy(static call => call)
            .Sum(call => Math.Max(0, call.Value - intents.GetValueOrDefault(call.Key)));
        Console.WriteLine(words.ToString().TrimEnd());
        Console.WriteLine($"evidence: {system.Target.Calls.Count} calls at the target, {missing} without intent");
        return isSound && missing == 0;
    }

    private static IEnumerable<ReceivedCall> Intents(string folder) =>
        from chain in Segments.In(folder)
        from segment in chain
        from line in File.ReadLines(segment.Path)
        let record = Parse(line)
        where record is not null
        select record;

    private static ReceivedCall? Parse(string line)
    {
        // A last line that is not whole is the verifier's to judge.
        if (!line.EndsWith('}'))
        {
            return null;
        }

        using var json = JsonDocument.Parse(line);
        var record = json.RootElement;
        return
            record.GetProperty("kind").GetString() == RecordKinds.Intent
            && record.TryGetProperty("arguments", out var arguments)
            ? new ReceivedCall(record.GetProperty("user").GetString()!.Split(':', 2)[1], arguments.GetString()!)
            : null;
    }
}
