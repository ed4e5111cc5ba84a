using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AspireGateway.Dashboard.Tests;

public sealed class StandaloneTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Dashboard:Url", "http://127.0.0.1:0")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:0;http://[::1]:0")]
    public async Task As_a_program_of_its_own_it_runs_by_configuration(string setting, string urls)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration[setting] = urls;
        builder.Configuration["Dashboard:LoginToken"] = RunningDashboard.LoginToken;
        builder.Services.AddSingleton<StandaloneDashboard>();
        builder.Services.AddHostedService(static services => services.GetRequiredService<StandaloneDashboard>());
        using var host = builder.Build();

        await host.StartAsync(Cancellation);

        var dashboard = host.Services.GetRequiredService<StandaloneDashboard>().Dashboard.ShouldNotBeNull();
        dashboard.PageUrl.Host.ShouldBe("127.0.0.1");
        dashboard.PageUrl.Query.ShouldBe($"?t={RunningDashboard.LoginToken}");
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() });
        (await browser.GetStringAsync(dashboard.PageUrl, Cancellation)).ShouldContain("No engine is attached");

        await host.StopAsync(Cancellation);
    }
}
