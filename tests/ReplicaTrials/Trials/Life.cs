using System.Security.Cryptography;
using AspireGateway.ReplicaTrials.Cluster;
using AspireGateway.ReplicaTrials.People;

namespace AspireGateway.ReplicaTrials.Trials;

/// <summary>
/// One person from the first call to the last. Whenever they are asked, it must be the first time, or the process that received
/// the third party's last answer must have been killed; and who is not served must be asked before long.
/// </summary>
internal sealed class Life(ReplicaSystem system, VaultInspection vault, KillVerdict verdict, string name)
    : IAsyncDisposable
{
    private const int Steps = 6;
    private const int MaxPause = 1500;

    // A lease whose holder was killed ends first; then the machine may be slow.
    private static readonly TimeSpan Patience = (ReplicaSystem.TokenEndpointTimeout * 2) + TimeSpan.FromSeconds(60);

    private readonly Person _person = new(system, name);
    private bool _isConnected;

    public async Task LiveAsync(CancellationToken cancel)
    {
        verdict.Arrived();
        for (var step = 0; step < Steps; step++)
        {
            await ServeAsync(step, cancel);
            await Task.Delay(RandomNumberGenerator.GetInt32(MaxPause), cancel);
        }
    }

    public ValueTask DisposeAsync()
    {
        _person.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Calls until an answer comes, with whatever that takes.</summary>
    private async Task ServeAsync(int step, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var attempt = 0; TimeProvider.System.GetElapsedTime(started) < Patience; attempt++)
        {
            // Two at once, so that both replicas want the same token.
            var calls = Enumerable.Range(0, 2).Select(i => _person.Agent.CallAsync($"{step}.{attempt}.{i}", cancel));
            var outcomes = await Task.WhenAll(calls);
            Count(outcomes);
            if (outcomes.OfType<CallOutcome.Asked>().FirstOrDefault() is { } asked)
            {
                await JudgeAsync(outcomes, cancel);
                await ConsentAsync(asked.Link, cancel);
            }
            else if (outcomes.All(static outcome => outcome is CallOutcome.Answered))
            {
                _isConnected = true;
                return;
            }
            else
            {
                await Task.Delay(200, cancel);
            }
        }

        verdict.LostGrant(name, $"neither served nor asked for {Patience}");
    }

    private void Count(CallOutcome[] outcomes)
    {
        foreach (var outcome in outcomes)
        {
            switch (outcome)
            {
                case CallOutcome.Answered:
                    verdict.Answered();
                    break;
                case CallOutcome.Wrong(var why):
                    verdict.WrongAnswer(name, why);
                    break;
                case CallOutcome.Failed:
                    verdict.Failed();
                    break;
            }
        }
    }

    private async Task JudgeAsync(CallOutcome[] outcomes, CancellationToken cancel)
    {
        if (system.Ledger.LastOf(name) is not { } last)
        {
            if (_isConnected)
            {
                verdict.LostGrant(name, "asked after a consent for which no tokens were given");
            }
        }
        else if (last.MayBeLost && !await vault.HoldsAsync(last, cancel))
        {
            verdict.AskedAfterLoss();
        }
        else
        {
            verdict.LostGrant(
                name,
                $"asked, though {(last.IsRefresh ? "a refresh" : "an exchange")} was answered at {last.At:mm:ss.fff} to a process killed at {last.Receiver.KilledAt:mm:ss.fff}, used {last.WasUsed}; {string.Join<CallOutcome>(", ", outcomes)}"
            );
        }

        _isConnected = false;
    }

    private async Task ConsentAsync(Uri link, CancellationToken cancel)
    {
        try
        {
            _isConnected = await _person.ConsentAsync(link, cancel) is null;
        }
        catch (HttpRequestException)
        {
            verdict.Failed();
        }
        catch (InvalidOperationException)
        {
            // A page that broke off has no form.
            verdict.Failed();
        }
    }
}
