using System.Globalization;
using AspireGateway.LocalHosting.Engine;

namespace AspireGateway.AppHost.Tests;

/// <summary>How a run ends, seen from outside: signals, exit codes, and what is left.</summary>
public sealed class EngineProcessTests
{
    private readonly int _port = PortPlan.TakeFree();

    [Fact]
    public async Task A_killed_engine_leaves_no_process_behind_not_even_a_daemon_of_a_foreign_program()
    {
        Processes.SkipWithoutSignals();
        await using var engine = EngineProcess.Start(_port);
        await engine.IsUpAsync();
        var below = engine.Below;
        below.Count.ShouldBe(5, "service, front, foreign, its watchdog and its daemon");

        engine.Signal(Processes.KillHard);

        // Only Linux gives a daemon that detached itself to the watchdog.
        var expected = OperatingSystem.IsLinux() ? below : [.. below.Except([engine.NumberOf("daemon")])];
        (await Processes.StillThereAsync(expected)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Processes.Interrupt)]
    [InlineData(Processes.Terminate)]
    public async Task A_signal_stops_everything_in_reverse_order_and_the_finished_job_is_no_failure(int signal)
    {
        Processes.SkipWithoutSignals();
        await using var engine = EngineProcess.Start(_port);
        await engine.IsUpAsync();

        engine.Signal(signal);

        (await engine.ExitCodeAsync()).ShouldBe(0);
        engine
            .IndexOf("job       ● has ended with exit code 0")
            .ShouldBeLessThan(engine.IndexOf("Stopping everything"));
        engine.IndexOf("front     ● has ended").ShouldBeLessThan(engine.IndexOf("service   ● stopping"));
        engine.IndexOf("service   ● has ended").ShouldBeLessThan(engine.IndexOf("Everything has stopped."));
        engine.Lines.ShouldNotContain(static line => line.Contains('✘'));
        (await Processes.StillThereAsync(engine.Below)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_nobody_looks_a_service_that_dies_ends_the_run_with_its_last_lines_and_exit_code_1()
    {
        Processes.SkipWithoutSignals();
        await using var engine = EngineProcess.Start(_port);
        await engine.IsUpAsync();

        await EndServiceAsync(exitCode: 3);

        (await engine.ExitCodeAsync()).ShouldBe(1);
        var failed = engine.IndexOf("service   ✘ has failed with exit code 3");
        engine.Lines[failed + 1].ShouldBe("  Last lines of service:");
        engine.Lines[failed + 2].ShouldStartWith("  │ own process ");
        (await Processes.StillThereAsync(engine.Below)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_somebody_looks_the_others_stay_up_and_the_exit_code_is_1_all_the_same()
    {
        Processes.SkipWithoutSignals();
        await using var engine = EngineProcess.Start(_port, "--LocalHosting:StayUp", "true");
        await engine.IsUpAsync();
        var service = engine.NumberOf("own");

        await EndServiceAsync(exitCode: 3);
        await engine.SaysAsync("service   ✘ has failed with exit code 3");

        (await Processes.StillThereAsync([service])).ShouldBeEmpty();
        engine.HasEnded.ShouldBeFalse();
        engine.Lines.ShouldNotContain(static line => line.Contains("Stopping", StringComparison.Ordinal));
        engine.Signal(Processes.Interrupt);
        (await engine.ExitCodeAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_job_that_fails_is_shown_with_its_last_lines_and_makes_the_exit_code_1()
    {
        Processes.SkipWithoutSignals();
        await using var engine = EngineProcess.Start(_port, "--JobExitCode", "4");
        await engine.SaysAsync("job       ✘ has failed with exit code 4");
        await engine.SaysAsync("  │ the job has run");

        engine.Signal(Processes.Interrupt);

        (await engine.ExitCodeAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_second_start_says_which_resource_needs_the_port_and_leaves_the_first_alone()
    {
        Processes.SkipWithoutSignals();
        await using var first = EngineProcess.Start(_port);
        await first.IsUpAsync();
        await using var second = EngineProcess.Start(_port);

        (await second.ExitCodeAsync()).ShouldBe(1);

        second.IndexOf(string.Create(CultureInfo.InvariantCulture, $"Port {_port}, which 'service' needs, is in use."));
        second.Below.ShouldBeEmpty();
        first.HasEnded.ShouldBeFalse();
        first.Signal(Processes.Interrupt);
        (await first.ExitCodeAsync()).ShouldBe(0);
    }

    private async Task EndServiceAsync(int exitCode)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await Should.ThrowAsync<HttpRequestException>(() =>
            http.PostAsync(
                $"http://localhost:{_port}/exit/{exitCode}",
                content: null,
                TestContext.Current.CancellationToken
            )
        );
    }
}
