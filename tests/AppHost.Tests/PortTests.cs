using System.Net;
using System.Net.Sockets;
using AspireGateway.LocalHosting.Testing;

namespace AspireGateway.AppHost.Tests;

public sealed class PortTests
{
    private const string FixedPorts = "--DcpPublisher:RandomizePorts=false";

    [Fact]
    public async Task A_port_in_use_is_named_with_the_resource_that_needs_it_and_nothing_starts()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var running = await Running.BuildAsync(
            builder =>
            {
                builder.AddJob("first", 0);
                builder.AddJob("second", 0).WithHttpEndpoint(port: taken);
                builder.AddJob("third", 0).WithHttpEndpoint();
            },
            FixedPorts
        );

        var refused = await Should.ThrowAsync<DistributedApplicationException>(() =>
            running.App.StartAsync(TestContext.Current.CancellationToken)
        );

        refused.Message.ShouldContain($"Port {taken}, which 'second' needs, is in use.");
        refused.Message.ShouldNotContain("third");
        running.States.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_free_port_is_taken_as_it_is_written()
    {
        var free = LocalHosting.Engine.PortPlan.TakeFree();
        await using var running = await Running.StartAsync(
            builder => builder.AddJob("job", 0).WithHttpEndpoint(port: free),
            FixedPorts
        );

        running.App.GetEndpoint("job").Port.ShouldBe(free);
    }

    [Fact]
    public async Task Tests_get_other_ports_than_those_of_the_launch_profile()
    {
        await using var one = await Running.StartAsync(static builder =>
            builder.AddService("service").WithExplicitStart()
        );
        await using var two = await Running.StartAsync(static builder =>
            builder.AddService("service").WithExplicitStart()
        );

        var ports = new[] { one, two }.Select(static running => running.App.GetEndpoint("service").Port).ToList();
        ports.ShouldNotContain(6391);
        ports.Distinct().Count().ShouldBe(2);
    }
}
