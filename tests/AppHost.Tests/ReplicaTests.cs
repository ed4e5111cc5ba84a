using AspireGateway.Dashboard;
using AspireGateway.LocalHosting.Engine;
using AspireGateway.LocalHosting.Testing;

namespace AspireGateway.AppHost.Tests;

/// <summary>Several processes behind one address, and the database that they share.</summary>
public sealed class ReplicaTests
{
    private const string Address = "ASPNETCORE_URLS";

    [Fact]
    public async Task Each_request_goes_to_the_other_replica_at_the_one_address_that_others_know()
    {
        await using var running = await Running.StartAsync(static builder =>
        {
            var service = builder.AddService("service").WithReplicas(2);
            builder.AddService("user").WithReference(service).WaitFor(service);
        });
        await running.HealthyAsync("user");

        var first = await running.VariableAsync("service", Address);
        var second = await running.VariableAsync("service", Address);
        var third = await running.VariableAsync("service", Address);

        second.ShouldNotBe(first);
        third.ShouldBe(first);
        var known = running.App.GetEndpoint("service").ToString().TrimEnd('/');
        (await running.VariableAsync("user", "SERVICE_HTTP")).ShouldBe(known);
        new[] { first, second }.ShouldNotContain(known);
        running.Now("service-1").State.ShouldBe(ResourceState.Healthy);
        running.Now("service-2").State.ShouldBe(ResourceState.Healthy);
    }

    [Fact]
    public async Task One_replica_that_ended_leaves_the_other_at_work()
    {
        await using var running = await Running.StartAsync(static builder =>
            builder.AddService("service").WithReplicas(2)
        );
        await running.HealthyAsync("service");

        System.Diagnostics.Process.GetProcessById(running.Now("service-1").ProcessId!.Value).Kill();
        await running.EndAsync("service-1");

        var addresses = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 4; i++)
        {
            addresses.Add(await running.VariableAsync("service", Address));
        }

        addresses.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_database_is_there_when_its_user_starts_and_is_told_to_it_by_its_connection_name()
    {
        Assert.SkipWhen(PostgresProgram.Unavailable is not null, PostgresProgram.Unavailable ?? "");
        await using var running = await Running.StartAsync(static builder =>
        {
            // In this order, as the AppHost's own helper adds them.
            var service = builder.AddService("service");
            var database = builder.AddPostgres("postgres").AddDatabase("things-db", databaseName: "things");
            service.WithReference(database, connectionName: "things").WaitFor(database);
        });
        await running.HealthyAsync("service");

        var connection = await running.VariableAsync("service", "ConnectionStrings__things");

        connection.ShouldContain("Database=things");
        await using (var opened = new Npgsql.NpgsqlConnection(connection + ";Pooling=false"))
        {
            await opened.OpenAsync(TestContext.Current.CancellationToken);
        }

        running
            .Now("service")
            .Environment.ShouldContain(static entry => entry.Name == "ConnectionStrings__things" && entry.IsSecret);

        await running.App.StopAsync(TestContext.Current.CancellationToken);
        running
            .States.Where(static change => change.State == ResourceState.Finished)
            .Select(static change => change.Name)
            .ShouldBe(["service", "postgres"]);
    }
}
