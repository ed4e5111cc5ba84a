using AspireGateway.Gateway.Tests.Vault.Hosting;
using AspireGateway.Gateway.Vault;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using static AspireGateway.Gateway.Tests.Vault.Hosting.SampleGrants;

namespace AspireGateway.Gateway.Tests.Vault;

/// <summary>Whatever is done in whatever order on two replicas, the vault does what a model of a few lines does.</summary>
public sealed class GrantStateMachineProperties
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.Frequency(
            (2, Gen.Const(Kind.Put)),
            (6, Gen.Const(Kind.Lease)),
            (4, Gen.Const(Kind.Complete)),
            (2, Gen.Const(Kind.Postpone)),
            (1, Gen.Const(Kind.End)),
            (1, Gen.Const(Kind.Remove)),
            (2, Gen.Const(Kind.Wait))
        ),
        Gen.Int[0, 1],
        Gen.Int[0, 1],
        Gen.Int[0, 9],
        static (kind, replica, user, number) => new Step(kind, replica, user, number)
    );

    private enum Kind
    {
        Put,
        Lease,
        Complete,
        Postpone,
        End,
        Remove,
        Wait,
    }

    [Fact]
    public async Task Every_sequence_of_steps_ends_where_the_model_ends()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var storage = VaultStorage.Sqlite();
        await using var one = await VaultReplica.StartAsync(storage, time);
        await using var two = await VaultReplica.StartAsync(storage, time);
        var sequence = 0;

        await Steps
            .List[1, 25]
            .SampleAsync(
                async steps =>
                {
                    // People of its own for each sequence, so that all can share the database.
                    var number = Interlocked.Increment(ref sequence);
                    UserId[] users = [new("corp", $"a{number}"), new("corp", $"b{number}")];
                    var run = new Run([one.Vault, two.Vault], users, time);
                    foreach (var step in steps)
                    {
                        await run.DoAsync(step);
                        await run.CompareAsync();
                    }
                },
                iter: 60,
                threads: 1
            );
    }

    private sealed record Step(Kind Kind, int Replica, int User, int Number);

    private sealed record Model(Guid Id, long Generation, bool Active, string Token)
    {
        public long Holder { get; set; }
        public DateTimeOffset Until { get; set; }
        public DateTimeOffset NotBefore { get; set; }
        public int Failures { get; set; }
    }

    private sealed class Run(IGrantVault[] vaults, UserId[] users, FakeTimeProvider time)
    {
        private readonly Model?[] _models = new Model?[2];
        private readonly List<Grant>[] _grants =
        [
            [],
            [],
        ];
        private readonly List<(RefreshLease Lease, long Number)>[] _leases =
        [
            [],
            [],
        ];
        private long _numbers;

        public Task DoAsync(Step step)
        {
            var vault = vaults[step.Replica];
            return step.Kind switch
            {
                Kind.Put => PutAsync(vault, step.User),
                Kind.Lease => LeaseAsync(vault, step),
                Kind.Complete => CompleteAsync(vault, step),
                Kind.Postpone => PostponeAsync(vault, step),
                Kind.End => EndAsync(vault, step),
                Kind.Remove => RemoveAsync(vault, step.User),
                _ => WaitAsync(step.Number),
            };
        }

        public async Task CompareAsync()
        {
            for (var user = 0; user < users.Length; user++)
            {
                var grant = await vaults[user].ReadAsync(users[user], Target("notes"), CancellationToken.None);
                var model = _models[user];
                (grant is null).ShouldBe(model is null);
                if (grant is null || model is null)
                {
                    continue;
                }

                grant.Id.ShouldBe(model.Id);
                grant.Generation.ShouldBe(model.Generation);
                (grant.State == GrantState.Active).ShouldBe(model.Active);
                (grant.Tokens?.AccessToken.Reveal()).ShouldBe(model.Active ? $"access-{model.Token}" : null);
                grant.RefreshFailures.ShouldBe(model.Failures);
            }
        }

        private async Task PutAsync(IGrantVault vault, int user)
        {
            var token = $"{++_numbers}";
            var grant = await vault.PutAsync(
                Binding(users[user]),
                Tokens(token),
                account: null,
                CancellationToken.None
            );
            _grants[user].Add(grant);
            _models[user] = new Model(grant.Id, 1, Active: true, token);
        }

        private async Task LeaseAsync(IGrantVault vault, Step step)
        {
            if (_grants[step.User] is not { Count: > 0 } grants)
            {
                return;
            }

            // Mostly the newest, sometimes one from before.
            var grant = step.Number < 7 ? grants[^1] : grants[step.Number % grants.Count];
            var lease = await vault.TryLeaseAsync(grant, Lease, CancellationToken.None);
            var now = time.GetUtcNow();
            var model = _models[step.User];
            var expected =
                model is { Active: true }
                && model.Id == grant.Id
                && model.Generation == grant.Generation
                && model.Until <= now
                && model.NotBefore <= now;
            (lease is not null).ShouldBe(expected);
            if (lease is not null)
            {
                model!.Holder = ++_numbers;
                model.Until = now + Lease;
                _leases[step.User].Add((lease, model.Holder));
            }
        }

        private async Task CompleteAsync(IGrantVault vault, Step step)
        {
            if (Pick(step) is not { } held)
            {
                return;
            }

            var token = $"{++_numbers}";
            var grant = await vault.CompleteRefreshAsync(held.Lease, Tokens(token), CancellationToken.None);
            (grant is not null).ShouldBe(held.IsValid);
            if (grant is not null)
            {
                _grants[step.User].Add(grant);
                _models[step.User] = new Model(grant.Id, held.Lease.Grant.Generation + 1, Active: true, token);
            }
        }

        private async Task PostponeAsync(IGrantVault vault, Step step)
        {
            if (Pick(step) is not { } held)
            {
                return;
            }

            var until = time.GetUtcNow().AddSeconds(step.Number);
            await vault.PostponeRefreshAsync(held.Lease, until, CancellationToken.None);
            if (held.IsValid)
            {
                var model = _models[step.User]!;
                (model.Holder, model.Until, model.NotBefore) = (0, default, until);
                model.Failures++;
            }
        }

        private async Task EndAsync(IGrantVault vault, Step step)
        {
            if (Pick(step) is not { } held)
            {
                return;
            }

            (await vault.EndAsync(held.Lease, CancellationToken.None)).ShouldBe(held.IsValid);
            if (held.IsValid)
            {
                var model = _models[step.User]!;
                _models[step.User] = new Model(model.Id, model.Generation, Active: false, model.Token)
                {
                    Failures = model.Failures,
                };
            }
        }

        private async Task RemoveAsync(IGrantVault vault, int user)
        {
            var removed = await vault.RemoveAsync(users[user], Target("notes"), CancellationToken.None);
            (removed?.Id).ShouldBe(_models[user]?.Id);
            _models[user] = null;
        }

        private Task WaitAsync(int number)
        {
            time.Advance(TimeSpan.FromSeconds(number * 5));
            return Task.CompletedTask;
        }

        private (RefreshLease Lease, bool IsValid)? Pick(Step step)
        {
            if (_leases[step.User] is not { Count: > 0 } leases)
            {
                return null;
            }

            var (lease, number) = step.Number < 7 ? leases[^1] : leases[step.Number % leases.Count];
            var valid =
                _models[step.User] is { Active: true } model && model.Id == lease.Grant.Id && model.Holder == number;
            return (lease, valid);
        }
    }
}
