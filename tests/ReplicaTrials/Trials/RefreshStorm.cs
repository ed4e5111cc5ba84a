using AspireGateway.ReplicaTrials.Cluster;
using AspireGateway.ReplicaTrials.People;

namespace AspireGateway.ReplicaTrials.Trials;

/// <summary>
/// Each round takes one grant whose access token has expired and throws many calls at both replicas at once. The third party
/// ends a grant when a refresh token comes twice, so that one refresh too many is not only counted but hurts.
/// </summary>
internal static class RefreshStorm
{
    // The gateway takes a token for expired five seconds before its end. Long enough for a round on a slow machine.
    private static readonly TimeSpan TokenLife = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Usable = TokenLife - TimeSpan.FromSeconds(4.5);
    private const int People = 10;

    public static async Task<bool> RunAsync(int rounds, int calls, CancellationToken cancel)
    {
        await using var system = await ReplicaSystem.StartAsync(
            async system =>
                await RealmThirdParty.StartAsync(
                    system.PublicUrl,
                    new Uri(system.Target.Url).GetLeftPart(UriPartial.Authority),
                    TokenLife,
                    cancel
                ),
            cancel
        );
        var people = new List<Person>();
        for (var i = 0; i < People; i++)
        {
            people.Add(new Person(system, $"person-{i}"));
            await people[i].ConnectAsync(cancel);
        }

        Report.Line($"{People} people have consented; {rounds} rounds of {calls} calls");
        var (failed, asked, exact) = (0, 0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var person = people[round % People];
            var expiry = system.Ledger.LastOf(person.Name)!.At + Usable - TimeProvider.System.GetUtcNow();
            await Task.Delay(expiry > TimeSpan.Zero ? expiry : TimeSpan.Zero, cancel);

            var before = system.Ledger.Refreshes;
            var started = TimeProvider.System.GetTimestamp();
            var outcomes = await Task.WhenAll(
                Enumerable.Range(0, calls).Select(call => person.Agent.CallAsync($"{round}.{call}", cancel))
            );
            var refreshes = system.Ledger.Refreshes - before;
            exact += refreshes == 1 ? 1 : 0;
            asked += outcomes.OfType<CallOutcome.Asked>().Any() ? 1 : 0;
            failed += outcomes.Count(static outcome => outcome is not CallOutcome.Answered);
            foreach (var other in outcomes.Where(static outcome => outcome is not CallOutcome.Answered).Take(3))
            {
                Report.Line($"not answered: {other}");
            }

            var time = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
            Report.Line(FormattableString.Invariant($"round {round + 1}: refreshes {refreshes}, {time:0.00} s"));
        }

        people.ForEach(static person => person.Dispose());
        var lost = Math.Max(asked, system.Ledger.Refused);
        Console.WriteLine($"wrong tokens at the target {system.Target.Wrong}");
        Console.WriteLine(
            $"refreshes {system.Ledger.Refreshes} of {rounds}, failed calls {failed}, lost grants {lost}"
        );
        return system.Ledger.Refreshes == rounds && exact == rounds && failed + lost + system.Target.Wrong == 0;
    }
}
