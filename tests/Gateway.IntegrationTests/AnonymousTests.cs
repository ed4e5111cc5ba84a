using System.Net;
using AspireGateway.Gateway.IntegrationTests.Systems;
using AspireGateway.LocalHosting.Testing;

namespace AspireGateway.Gateway.IntegrationTests;

/// <summary>The gateway without authentication, for local experiments.</summary>
public sealed class AnonymousTests : IDisposable
{
    private const string Off = "AUTHENTICATION IS OFF";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("gateway-anonymous-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Delete(recursive: true);

    [Theory]
    [InlineData("true", HttpStatusCode.OK)]
    [InlineData("false", HttpStatusCode.Unauthorized)]
    public async Task It_lets_everybody_in_only_when_that_is_set_and_then_says_so_beside_its_address(
        string setting,
        HttpStatusCode expected
    )
    {
        var model = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [
                "--IdentityProvider=embedded",
                $"--DataFolder={_data.FullName}",
                $"--Gateway:Inbound:AllowAnonymous={setting}",
            ],
            Stop
        );
        await using var app = await model.BuildAsync(Stop);
        await app.StartAsync(Stop);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("gateway", Stop);

        var answer = await SystemTests.SendAsync(new Uri(app.GetEndpoint("gateway", "http"), "/mcp"), token: null);

        answer.Status.ShouldBe(expected);
        var isOff = expected == HttpStatusCode.OK;
        app.Engine.Board.Find("gateway")!.Urls.Any(static url => url.Name == Off).ShouldBe(isOff);
        app.Engine.Board.GetLogs("gateway", 100)
            .Any(static line => line.Text.Contains(Off, StringComparison.Ordinal))
            .ShouldBe(isOff);
    }
}
