using AspireGateway.TestClient.SignIn;
using AspireGateway.TestClient.Tests.Fakes;

namespace AspireGateway.TestClient.Tests.Flow;

/// <summary>Flow B with a person's browser, which does not tell the program when it is done.</summary>
public sealed class PersonsConsentTests
{
    private static readonly TimeSpan NoTime = TimeSpan.Zero;

    private static readonly FakeBehaviour WithConsent = new()
    {
        Protected = false,
        ThirdParty = "http://third-party.example",
    };

    public static TheoryData<string> Eras => ["2025-11-25", "2026-07-28"];

    [Theory, MemberData(nameof(Eras))]
    public async Task The_call_is_tried_until_the_person_is_done_and_only_the_last_try_has_a_line(string revision)
    {
        await using var server = await FakeServer.StartAsync(WithConsent);
        var person = new Person(afterQuestions: 15, server);

        var run = await CallAsync(server, revision, person, new PatientTime(NoTime));

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Steps.ShouldBe(["A1", "B1", "B2", "B3", "B4", "B9", "B10"]);
        run.Lines.Count(static line => line.StartsWith("B9", StringComparison.Ordinal)).ShouldBe(1);
        run.Lines.ShouldContain(person.Opened.ShouldHaveSingleItem().AbsoluteUri, "the whole address, to be seen");
        server.Consents.Asked.ShouldBeGreaterThanOrEqualTo(15);
    }

    [Fact]
    public async Task The_servers_word_that_the_consent_is_there_ends_the_wait()
    {
        await using var server = await FakeServer.StartAsync(WithConsent with { Sessions = true });
        var person = new Person(afterQuestions: 1, server) { ServerTells = true };

        // Pauses never end here, so nothing else can.
        var run = await CallAsync(server, "2025-11-25", person, new PatientTime(jump: null));

        run.ExitCode.ShouldBe(0, run.Everything);
        server.Consents.Asked.ShouldBe(1);
    }

    [Theory, MemberData(nameof(Eras))]
    public async Task A_person_who_never_comes_back_is_waited_for_ten_minutes(string revision)
    {
        await using var server = await FakeServer.StartAsync(WithConsent);
        var person = new Person(afterQuestions: int.MaxValue, server);

        var run = await CallAsync(server, revision, person, new PatientTime(TimeSpan.FromMinutes(1)));

        run.ExitCode.ShouldBe(1);
        run.Lines[^2].ShouldBe("✘ Nobody consented in the browser within 10 minutes.");
        person.Opened.Count.ShouldBe(1);
    }

    private static Task<TestRun> CallAsync(FakeServer server, string revision, Person person, TimeProvider time) =>
        TestRun.OfAsync(
            ["call", server.Mcp.AbsoluteUri, FakeTools.Consented, "--protocol-version", revision],
            browser: person,
            time: time
        );

    /// <summary>Somebody who consents after a while.</summary>
    private sealed class Person(int afterQuestions, FakeServer server) : IBrowserLauncher
    {
        public List<Uri> Opened { get; } = [];

        public bool ServerTells { get; init; }

        public bool TryOpen(Uri url)
        {
            Opened.Add(url);
            _ = ConsentAsync();
            return true;
        }

        private async Task ConsentAsync()
        {
            while (server.Consents.Asked < afterQuestions)
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }

            server.Consents.Give();
            if (ServerTells)
            {
                await server.Consents.TellAsync();
            }
        }
    }
}
