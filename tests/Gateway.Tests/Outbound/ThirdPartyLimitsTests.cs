using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit.ThirdParty;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>Third parties are asked where they are, for as long as is agreed, and listened to up to a size.</summary>
public sealed class ThirdPartyLimitsTests
{
    private const int Limit = 64 * 1024;

    [Theory]
    [InlineData("/token", 307)]
    [InlineData("/token", 302)]
    [InlineData("/register", 307)]
    [InlineData("/.well-known/oauth-authorization-server", 302)]
    public async Task A_redirect_is_not_followed_and_nobody_is_connected(string path, int status)
    {
        await using var elsewhere = await FakeAuthorizationServer.StartNewAsync();
        await using var host = await ConsentHost.StartAsync();
        host.ThirdParty.Behaviour.Override = (context, request) =>
        {
            if (request.Path != path)
            {
                return Task.FromResult(false);
            }

            context.Response.StatusCode = status;
            context.Response.Headers.Location = elsewhere.BaseUrl + request.Path;
            return Task.FromResult(true);
        };
        var (link, _) = await host.AskAsync();

        var page = await ConsentHost.ConsentAsync(host.Browser(), link);

        page.Text.ShouldNotContain("is connected");
        elsewhere.Requests.ShouldBeEmpty();
        host.ThirdParty.Behaviour.Override = null;
        await host.ConnectAsync();
    }

    [Theory]
    [InlineData(Limit, true)]
    [InlineData(Limit + 1, false)]
    public async Task A_token_response_is_read_up_to_64_kilobytes(int size, bool isRead)
    {
        await using var host = await ConsentHost.StartAsync();
        host.ThirdParty.Behaviour.Override = async (context, request) =>
        {
            if (request.Path != "/token")
            {
                return false;
            }

            const string Tokens = """{"access_token":"x","token_type":"bearer","more":"~"}""";
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(Tokens.Replace("~", new string('x', size - Tokens.Length + 1)));
            return true;
        };
        var (link, _) = await host.AskAsync();

        var page = await ConsentHost.ConsentAsync(host.Browser(), link);

        page.Text.Contains("is connected").ShouldBe(isRead);
    }

    [Fact]
    public async Task A_token_endpoint_that_does_not_answer_is_waited_for_so_long_and_the_grant_is_kept()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await ConsentHost.StartAsync(
            time,
            ("Gateway:Outbound:RefreshAhead", "00:00:00"),
            ("Gateway:Outbound:TokenEndpointTimeout", "00:00:07")
        );
        await host.ConnectAsync();
        time.Advance(TimeSpan.FromMinutes(6));
        var arrived = new TaskCompletionSource();
        host.ThirdParty.Behaviour.Override = async (context, request) =>
        {
            if (request.Path == "/token")
            {
                arrived.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return request.Path == "/token";
        };

        var call = host.CallAsync();
        await arrived.Task.SoonAsync();
        time.Advance(TimeSpan.FromSeconds(6));
        call.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));

        (await call).Text.ShouldContain("Your consent is kept");
        host.ThirdParty.Behaviour.Override = null;
        time.Advance(TimeSpan.FromMinutes(1));
        (await host.CallAsync()).Text.ShouldContain("\"complete\"");
    }
}
