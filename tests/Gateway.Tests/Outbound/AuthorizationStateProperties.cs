using AspireGateway.Gateway.Outbound.Connect;
using AspireGateway.Gateway.Tests.Vault.Hosting;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>Whatever comes back from a browser, in whatever order, a <c>state</c> leads to its own authorization, once, and in time.</summary>
public sealed class AuthorizationStateProperties
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.OneOf(Kind.Begin, Kind.Find, Kind.Take, Kind.TakeSimilar, Kind.Wait),
        Gen.Int[0, 1],
        Gen.Int[0, 9],
        static (kind, replica, number) => new Step(kind, replica, number)
    );

    private static readonly Gen<string> Parameter = Gen.Select(
        Gen.OneOf("state", "code", "iss", "error", "State", "other"),
        Gen.OneOf("", "a", "%00", "x y", "state", "ü"),
        static (name, value) => $"{name}={Uri.EscapeDataString(value)}"
    );

    private enum Kind
    {
        Begin,
        Find,
        Take,
        TakeSimilar,
        Wait,
    }

    [Fact]
    public async Task Every_sequence_of_answers_at_two_replicas_finds_what_the_model_finds()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var storage = VaultStorage.Sqlite();
        await using var one = await VaultReplica.StartAsync(storage, time);
        await using var two = await VaultReplica.StartAsync(storage, time);
        PendingAuthorizations[] replicas = [new(one.Records), new(two.Records)];

        await Steps
            .List[1, 25]
            .SampleAsync(
                async steps =>
                {
                    var run = new Run(replicas, time);
                    foreach (var step in steps)
                    {
                        await run.DoAsync(step);
                    }
                },
                iter: 60,
                threads: 1
            );
    }

    [Fact]
    public void An_answer_is_read_only_where_each_of_its_parameters_comes_once() =>
        Parameter
            .Array[0, 6]
            .Sample(
                static parameters =>
                {
                    var query = new QueryCollection(QueryHelpers.ParseQuery(string.Join('&', parameters)));
                    bool Once(string name) => query[name].Count == 1 && query[name].ToString().Length > 0;
                    bool Twice(string name) => query[name].Count > 1;

                    var answer = CallbackParameters.Read(query);

                    var isGood =
                        Once("state")
                        && (Once("code") ? !query.ContainsKey("error") : query.ContainsKey("error"))
                        && !new[] { "state", "code", "iss", "error" }.Any(Twice);
                    return (answer is not null) == isGood
                        && (
                            answer is null
                            || (
                                answer.State == query["state"]
                                && answer.Issuer == (query.ContainsKey("iss") ? query["iss"].ToString() : null)
                                && (answer.Code is null) == query.ContainsKey("error")
                            )
                        );
                },
                iter: 50_000
            );

    private sealed record Step(Kind Kind, int Replica, int Number);

    private sealed class Run(PendingAuthorizations[] replicas, FakeTimeProvider time)
    {
        // The verifier tells one authorization from another.
        private readonly List<(string State, string Verifier, DateTimeOffset End)> _begun = [];
        private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

        public async Task DoAsync(Step step)
        {
            var replica = replicas[step.Replica];
            if (step.Kind == Kind.Wait)
            {
                time.Advance(TimeSpan.FromMinutes(step.Number));
            }
            else if (step.Kind == Kind.Begin)
            {
                var (state, verifier) = (RandomText.New(), RandomText.New());
                var end = time.GetUtcNow() + Lifetime;
                await replica.AddAsync(state, Pending(verifier), end, CancellationToken.None);
                _begun.Add((state, verifier, end));
            }
            else if (_begun.Count > 0)
            {
                await AnswerAsync(replica, step.Kind, _begun[step.Number % _begun.Count], step.Number);
            }
        }

        private async Task AnswerAsync(
            PendingAuthorizations replica,
            Kind kind,
            (string State, string Verifier, DateTimeOffset End) begun,
            int number
        )
        {
            var isGood = !_taken.Contains(begun.State) && begun.End > time.GetUtcNow();
            var found = kind switch
            {
                Kind.Find => await replica.FindAsync(begun.State, CancellationToken.None),
                Kind.Take => await replica.TakeAsync(begun.State, CancellationToken.None),
                _ => await replica.TakeAsync(Similar(begun.State, number), CancellationToken.None),
            };
            if (kind == Kind.TakeSimilar)
            {
                found.ShouldBeNull();
                return;
            }

            (found?.Verifier).ShouldBe(isGood ? begun.Verifier : null);
            if (kind == Kind.Take && isGood)
            {
                _taken.Add(begun.State);
            }
        }

        private static string Similar(string state, int number) =>
            number switch
            {
                0 => state + "=",
                1 => state[..^1],
                2 => " " + state,
                3 => state + "\0",
                4 => "",
                _ => state[..number] + (state[number] == 'A' ? 'B' : 'A') + state[(number + 1)..],
            };

        private static PendingAuthorization Pending(string verifier) =>
            new()
            {
                Consent = new ConsentRequest
                {
                    Issuer = "corp",
                    Subject = "alice",
                    Client = "agent",
                    Target = "notes",
                    ElicitationId = "e",
                },
                AuthorizationServer = "https://id.test",
                Resource = "https://notes.test/mcp",
                ClientId = "gateway",
                Verifier = verifier,
                RedirectUri = "https://gateway.test/connect/callback/notes",
                Scopes = "a b",
                Browser = "fingerprint",
            };
    }
}
