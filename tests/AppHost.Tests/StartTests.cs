using AspireGateway.Dashboard;
using AspireGateway.LocalHosting.Testing;

namespace AspireGateway.AppHost.Tests;

public sealed class StartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_resource_starts_after_those_it_waits_for_are_healthy_and_stops_before_them()
    {
        var running = await Running.StartAsync(static builder =>
        {
            var first = builder.AddService("first");
            var second = builder.AddService("second").WaitFor(first);
            builder.AddService("third").WaitFor(second);
        });
        await running.HealthyAsync("third");
        await running.DisposeAsync();

        var states = running.States.ToList();
        states
            .IndexOf(("first", ResourceState.Healthy))
            .ShouldBeLessThan(states.IndexOf(("second", ResourceState.Starting)));
        states
            .IndexOf(("second", ResourceState.Healthy))
            .ShouldBeLessThan(states.IndexOf(("third", ResourceState.Starting)));
        states
            .IndexOf(("third", ResourceState.Finished))
            .ShouldBeLessThan(states.IndexOf(("second", ResourceState.Stopping)));
        states
            .IndexOf(("second", ResourceState.Finished))
            .ShouldBeLessThan(states.IndexOf(("first", ResourceState.Stopping)));
        states[^1].ShouldBe(("first", ResourceState.Finished));
    }

    [Fact]
    public async Task A_job_that_ends_with_0_is_no_failure_and_lets_the_next_one_start()
    {
        await using var running = await Running.StartAsync(static builder =>
        {
            var job = builder.AddJob("job", 0, "done");
            builder.AddJob("next", 0).WaitForCompletion(job);
        });

        (await running.EndAsync("next")).State.ShouldBe(ResourceState.Finished);

        running.Now("job").ExitCode.ShouldBe(0);
        running.App.Engine.Failed.ShouldBeFalse();
    }

    [Fact]
    public async Task What_depends_on_a_failed_resource_does_not_start_and_says_why()
    {
        await using var running = await Running.StartAsync(static builder =>
        {
            var broken = builder.AddJob("broken", 3, "reading the settings", "the settings are wrong");
            var dependent = builder.AddService("dependent").WaitForCompletion(broken);
            builder.AddService("indirect").WaitFor(dependent);
        });

        var indirect = await running.EndAsync("indirect");

        indirect.State.ShouldBe(ResourceState.FailedToStart);
        indirect.Detail.ShouldBe("because dependent failed to start");
        running.Now("dependent").Detail.ShouldBe("because broken ended with exit code 3 instead of 0");
        running.Now("broken").State.ShouldBe(ResourceState.Exited);
        running.App.Engine.Failed.ShouldBeTrue();
        var refused = await Should.ThrowAsync<DistributedApplicationException>(() => running.HealthyAsync("broken"));
        refused.Message.ShouldContain("the settings are wrong");
    }

    [Fact]
    public async Task A_service_that_dies_later_is_a_failure_even_with_exit_code_0()
    {
        await using var running = await Running.StartAsync(static builder => builder.AddService("service"));
        await running.HealthyAsync("service");
        running.App.Engine.Failed.ShouldBeFalse();

        using var http = running.App.CreateHttpClient("service");
        await Should.ThrowAsync<HttpRequestException>(() => http.PostAsync("/exit/0", content: null, Cancellation));

        (await running.EndAsync("service")).ExitCode.ShouldBe(0);
        running.App.Engine.Failed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_program_that_does_not_exist_fails_with_its_name()
    {
        await using var running = await Running.StartAsync(static builder =>
            builder.AddExecutable("missing", "no-such-program-anywhere", ".")
        );

        (await running.EndAsync("missing")).State.ShouldBe(ResourceState.Exited);

        running
            .App.Engine.Board.GetLogs("missing", 10)
            .ShouldContain(static line =>
                line.Text.StartsWith("cannot start no-such-program-anywhere: ", StringComparison.Ordinal)
            );
    }

    [Fact]
    public async Task Whatever_the_models_own_code_throws_is_the_reason_why_its_resource_does_not_start()
    {
        await using var running = await Running.StartAsync(static builder =>
            builder.AddJob("job", 0).WithEnvironment(static _ => throw new FormatException("no number"))
        );

        var job = await running.EndAsync("job");

        job.State.ShouldBe(ResourceState.FailedToStart);
        job.Detail.ShouldBe("because no number");
        running.App.Engine.Failed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_resource_with_explicit_start_is_left_alone_while_others_can_refer_to_its_address()
    {
        await using var running = await Running.StartAsync(static builder =>
        {
            var later = builder.AddService("later").WithExplicitStart();
            builder.AddService("service").WithReference(later);
        });
        await running.HealthyAsync("service");

        running.Now("later").State.ShouldBe(ResourceState.NotStarted);
        (await running.VariableAsync("service", "LATER_HTTP")).ShouldBe(
            running.App.GetEndpoint("later").ToString().TrimEnd('/')
        );
    }

    [Fact]
    public async Task Publishing_is_refused_with_the_engine_that_can_do_it()
    {
        var publish = await Should.ThrowAsync<DistributedApplicationException>(() =>
            Running.StartAsync(static builder => builder.AddService("service"), "--operation", "publish")
        );

        publish.Message.ShouldContain("HostingEngine=aspire");
    }
}
