using System.Net;
using AspireGateway.Gateway.Tests.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace AspireGateway.Gateway.Tests.Inbound;

/// <summary>One connection that many share, as behind a load balancer: the token that it sent last says nothing about the next.</summary>
public sealed class RepeatedTokenTests
{
    [Fact]
    public async Task Each_request_of_a_connection_is_its_own_callers()
    {
        await using var host = await GatewayHost.StartAsync();
        host.UseKestrel(0);
        host.StartServer();
        using var client = OnlyOneConnection(host);
        var alice = host.Token((_, p) => p["sub"] = "alice");
        var bob = host.Token((_, p) => p["sub"] = "bob");

        string?[] senders = [alice, alice, bob, bob, alice, bob, alice, alice];
        foreach (var token in senders)
        {
            (await client.SendAsync("/mcp", McpRequests.ListTools, token)).Status.ShouldBe(HttpStatusCode.OK);
        }

        host.Audit()
            .Select(static record => record.GetProperty("user").GetString()!.Split(':', '/', '#', ' ')[^1])
            .ShouldBe(senders.Select(token => token == alice ? "alice" : "bob"));
    }

    [Fact]
    public async Task A_good_token_opens_the_connection_for_nobody_else()
    {
        await using var host = await GatewayHost.StartAsync();
        host.UseKestrel(0);
        host.StartServer();
        using var client = OnlyOneConnection(host);
        var good = host.Token();
        var expired = host.Token((_, p) => p["exp"] = 1_700_000_000);

        string?[] senders = [good, good, null, good, expired, expired, good, good[..^4] + "AAAA", good];
        foreach (var token in senders)
        {
            (await client.SendAsync("/mcp", McpRequests.ListTools, token)).Status.ShouldBe(
                token == good ? HttpStatusCode.OK : HttpStatusCode.Unauthorized
            );
        }
    }

    private static HttpClient OnlyOneConnection(GatewayHost host) =>
        new(new SocketsHttpHandler { MaxConnectionsPerServer = 1 })
        {
            BaseAddress = new Uri(
                host.Services.GetRequiredService<IServer>()
                    .Features.Get<IServerAddressesFeature>()!
                    .Addresses.First()
                    .Replace("127.0.0.1", "localhost", StringComparison.Ordinal)
            ),
        };
}
