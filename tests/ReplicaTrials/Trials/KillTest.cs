using System.Security.Cryptography;
using AspireGateway.ReplicaTrials.Cluster;

namespace AspireGateway.ReplicaTrials.Trials;

/// <summary>
/// People come, consent, and let their agents call, so that their tokens expire and are refreshed all the time; meanwhile one
/// replica after the other is killed while it works on a consent, an exchange or a refresh, and started again.
/// </summary>
internal sealed class KillTest : IAsyncDisposable
{
    private const int PeopleAtOnce = 8;

    // Usable for two seconds, as the gateway takes a token for expired five seconds before its end.
    private static readonly TimeSpan TokenLife = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan PhaseTime = TimeSpan.FromSeconds(20);
    private static readonly string[] Phases = ["consent", "exchange", "refresh"];

    private readonly ReplicaSystem _system;
    private readonly VaultInspection _vault;
    private readonly KillVerdict _verdict = new();
    private readonly Dictionary<string, int> _kills = Phases.ToDictionary(static phase => phase, static _ => 0);
    private volatile PhaseWatch _watch = new("");

    private KillTest(ReplicaSystem system, VaultInspection vault)
    {
        (_system, _vault) = (system, vault);
        system.Front.Forwarding = (path, replica) =>
        {
            if (path.StartsWithSegments("/connect", StringComparison.Ordinal))
            {
                _watch.See("consent", replica);
            }
        };
        system.Relay.Arrived = (grant, replica) =>
            _watch.See(grant == "refresh_token" ? "refresh" : "exchange", replica);
        system.Relay.MaxPause = 40;
    }

    public static async Task<bool> RunAsync(int kills, CancellationToken cancel)
    {
        var system = await ReplicaSystem.StartAsync(
            static async _ => await QuickThirdParty.StartAsync(TokenLife),
            cancel
        );
        await using var test = new KillTest(system, await VaultInspection.OpenAsync(system, cancel));
        return await test.RunToEndAsync(kills, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _vault.DisposeAsync();
        await _system.DisposeAsync();
    }

    private async Task<bool> RunToEndAsync(int kills, CancellationToken cancel)
    {
        using var enough = new CancellationTokenSource();
        var lives = Enumerable.Range(0, PeopleAtOnce).Select(i => LiveAsync(i, enough.Token, cancel)).ToList();
        try
        {
            for (var kill = 1; kill <= kills; kill++)
            {
                await KillAsync(kill, cancel);
            }
        }
        finally
        {
            await enough.CancelAsync();
            await Task.WhenAll(lives);
        }

        await _system.StopReplicasAsync();
        var (rows, corrupt) = await _vault.OpenAllAsync(_system.Ledger, _verdict, cancel);
        var wrong = _verdict.Wrong + _system.Target.Wrong;
        Console.WriteLine(
            $"{string.Join(", ", _kills.Select(static kill => $"{kill.Value} kills during {kill.Key}"))}; "
                + $"{_verdict.People} people, {_verdict.Calls} calls, {_system.Ledger.Refreshes} refreshes, "
                + $"{_verdict.AskedAgain} asked again after an answer was lost, {rows} rows opened"
        );
        var isRecorded = await Evidence.IsWholeAsync(_system, cancel);
        Console.WriteLine($"corrupt {corrupt}, wrong {wrong}, lost {_verdict.Lost}");
        return corrupt + wrong + _verdict.Lost == 0 && isRecorded;
    }

    private async Task LiveAsync(int place, CancellationToken enough, CancellationToken cancel)
    {
        for (var number = 0; !enough.IsCancellationRequested; number++)
        {
            await using var life = new Life(_system, _vault, _verdict, $"person-{place}-{number}");
            await life.LiveAsync(cancel);
        }
    }

    private async Task KillAsync(int number, CancellationToken cancel)
    {
        var phase = Phases[number % Phases.Length];
        var watch = new PhaseWatch(phase);
        _watch = watch;
        Replica victim;
        try
        {
            victim = await watch.Seen.WaitAsync(PhaseTime, cancel);
        }
        catch (TimeoutException exception)
        {
            throw new InvalidOperationException($"Nobody came to {phase} for a long time.", exception);
        }

        // Before the third party has the request, while it works, when it has answered, when the answer is being saved.
        await Task.Delay(RandomNumberGenerator.GetInt32(110), cancel);
        await victim.KillAsync();
        _kills[phase]++;
        await victim.StartAsync(cancel);
        Report.Line($"kill {number}: replica {victim.Index} during {phase}; {_verdict}");
    }

    /// <summary>Waits for a replica to begin something.</summary>
    private sealed class PhaseWatch(string phase)
    {
        private readonly TaskCompletionSource<Replica> _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Replica> Seen => _seen.Task;

        public void See(string what, Replica replica)
        {
            if (what == phase && replica.IsUp)
            {
                _seen.TrySetResult(replica);
            }
        }
    }
}
