using System.Net;
using AspireGateway.Gateway.IntegrationTests.Systems;
using AspireGateway.LocalHosting;
using AspireGateway.LocalHosting.Engine;
using AspireGateway.LocalHosting.Testing;

namespace AspireGateway.Gateway.IntegrationTests;

/// <summary>The gateway is there before its identity provider, and after it.</summary>
public sealed class OutageTests : IAsyncDisposable
{
    // Nobody listens there until the provider is started.
    private readonly int _port = PortPlan.TakeFree();
    private readonly string _data = Directory.CreateTempSubdirectory("gateway-alone-").FullName;
    private DistributedApplication? _system;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Uri Issuer => new($"http://localhost:{_port}/realms/corp");

    private Uri Gateway => _system!.GetEndpoint("gateway", "http");

    private Uri Mcp => new(Gateway, "/mcp");

    public async ValueTask DisposeAsync()
    {
        if (_system is not null)
        {
            await _system.DisposeAsync();
        }

        Directory.Delete(_data, recursive: true);
    }

    [Theory]
    [InlineData("embedded")]
    [InlineData("keycloak")]
    public async Task The_gateway_waits_for_its_identity_provider_recovers_and_outlives_it(string kind)
    {
        Assert.SkipWhen(
            kind == "keycloak" && KeycloakOfThisMachine.Missing is not null,
            KeycloakOfThisMachine.Missing ?? ""
        );
        await StartGatewayAsync();
        await Patience.UntilAsync(
            async () => await HealthAsync() == HttpStatusCode.ServiceUnavailable,
            "the gateway answers",
            Stop
        );
        (await SystemTests.SendAsync(Mcp, token: null)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        Log().ShouldContain("issuer(s) corp could not be read yet");

        string token;
        await using (
            await IdentityProviderAlone.StartAsync(
                kind == "keycloak",
                Gateway.GetLeftPart(UriPartial.Authority),
                port: _port,
                cancel: Stop
            )
        )
        {
            await Patience.UntilAsync(
                async () => await HealthAsync() == HttpStatusCode.OK,
                "the gateway is healthy, now that its identity provider is there",
                Stop
            );
            token = await SystemTests.TokenAsync(Issuer, Mcp);
        }

        await Should.ThrowAsync<HttpRequestException>(() => SystemTests.TokenAsync(Issuer, Mcp));
        (await SystemTests.SendAsync(Mcp, token)).Status.ShouldBe(HttpStatusCode.OK, "its keys are known");
        (await SystemTests.SendAsync(Mcp, token + "x")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await HealthAsync()).ShouldBe(HttpStatusCode.OK);
    }

    private async Task StartGatewayAsync()
    {
        var model = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [
                "--IdentityProvider=external",
                $"--DataFolder={_data}",
                $"--Parameters:corp-issuer={Issuer}",
                "--Parameters:partner-issuer=http://localhost:1/realms/partner",
            ],
            Stop
        );
        foreach (
            var resource in Written<ProjectResource>.AllOf(model).Where(static r => r.Resource.Name == "testclient")
        )
        {
            resource.WithExplicitStart();
        }

        _system = await model.BuildAsync(Stop);
        await _system.StartAsync(Stop);
        await _system.ResourceNotifications.WaitForResourceAsync("gateway", cancellationToken: Stop);
    }

    private async Task<HttpStatusCode> HealthAsync()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var answer = await http.GetAsync(new Uri(Gateway, "/health"), Stop);
        return answer.StatusCode;
    }

    private string Log() =>
        string.Join('\n', _system!.Engine.Board.GetLogs("gateway", 200).Select(static line => line.Text));
}
