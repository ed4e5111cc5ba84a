using System.Net;
using System.Text.Json;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Vault;
using AspireGateway.Gateway.Vault.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static AspireGateway.Gateway.Tests.Vault.Hosting.SampleGrants;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>The same for programs: the caller's own connections, with the token of the MCP endpoint.</summary>
public sealed class ConnectionsApiTests
{
    private const string BrowserAccepts = "text/html,application/xhtml+xml,*/*;q=0.8";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_lists_and_ends_its_persons_own_connections()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync();
        await host.ConnectAsync("user-2");

        var (status, body, answer) = await host.ApiAsync(HttpMethod.Get, token: host.Token());
        status.ShouldBe(HttpStatusCode.OK);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var connection = JsonDocument.Parse(body).RootElement.GetProperty("connections")[0];
        connection.GetProperty("target").GetString().ShouldBe("notes");
        connection.GetProperty("state").GetString().ShouldBe("connected");
        connection.GetProperty("scopes")[0].GetString().ShouldBe("notes:read");
        connection.GetProperty("agents")[0].GetString().ShouldBe("test-client");
        connection.GetProperty("connectedAt").GetDateTimeOffset().Year.ShouldBeGreaterThan(2000);

        (status, body, _) = await host.ApiAsync(HttpMethod.Delete, "/connections/notes", host.Token());
        status.ShouldBe(HttpStatusCode.OK);
        body.ShouldBe("""{"target":"notes","revoked":true}""");
        host.Records("disconnected").ShouldBe(1);

        (await host.CanCallAsync()).ShouldBeFalse();
        (await host.CanCallAsync(host.Token("user-2"))).ShouldBeTrue();
        (await StateAsync(host, host.Token())).ShouldBe("not_connected");
        (await StateAsync(host, host.Token("user-2"))).ShouldBe("connected");
    }

    [Theory]
    [InlineData("notes")]
    [InlineData("weather")]
    [InlineData("unknown")]
    [InlineData("..%2Fnotes")]
    [InlineData("NOTES")]
    [InlineData("%3Cscript%3E")]
    public async Task What_is_not_there_cannot_be_ended(string name)
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync("user-2");

        var (status, body, _) = await host.ApiAsync(HttpMethod.Delete, "/connections/" + name, host.Token());

        status.ShouldBe(HttpStatusCode.NotFound);
        body.ShouldContain("not_connected");
        host.ThirdParty.RequestsOf("/revoke").ShouldBeEmpty();
        (await host.CanCallAsync(host.Token("user-2"))).ShouldBeTrue();
    }

    [Theory]
    [InlineData("GET", "application/json")]
    [InlineData("GET", "*/*")]
    [InlineData("GET", "")]
    [InlineData("GET", "text/html;q=0")]
    [InlineData("DELETE", "application/json")]
    [InlineData("DELETE", BrowserAccepts)]
    public async Task Without_a_token_a_program_is_challenged(string method, string accept)
    {
        await using var host = await ConsentHost.StartAsync();
        var path = method == "GET" ? "/connections" : "/connections/notes";

        var (status, _, answer) = await host.ApiAsync(new HttpMethod(method), path, accept: accept);

        status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldContain("/.well-known/oauth-protected-resource/mcp\"");
        host.Records("missing_token").ShouldBe(1);
    }

    [Fact]
    public async Task A_browser_without_a_session_is_sent_to_the_sign_in()
    {
        await using var host = await ConsentHost.StartAsync();

        var (status, _, answer) = await host.ApiAsync(HttpMethod.Get, accept: BrowserAccepts);

        status.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.AbsoluteUri.ShouldStartWith(host.Gateway.Issuer.BaseUrl + "/authorize");
    }

    [Fact]
    public async Task A_browsers_session_is_no_token_and_a_token_is_no_session()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync();
        var browser = host.Browser();
        (await browser.ConnectionsAsync()).Card().ShouldContain("Connected");
        var cookie = browser.Cookies.HeaderFor(ConnectionsHost.Page)!;

        (await host.ApiAsync(HttpMethod.Get, cookie: cookie)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.ApiAsync(HttpMethod.Delete, "/connections/notes", cookie: cookie)).Status.ShouldBe(
            HttpStatusCode.Unauthorized
        );
        using var call = Modern.Call("/mcp", "notes___echo", "{}", "");
        call.Headers.Remove("Authorization");
        call.Headers.TryAddWithoutValidation("Cookie", cookie);
        using var refused = await host.Client.SendAsync(call, TestContext.Current.CancellationToken);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        // One person's token beside another one's session: the token counts, and the answer is a program's.
        var (status, body, _) = await host.ApiAsync(
            HttpMethod.Get,
            token: host.Token("user-2"),
            accept: BrowserAccepts,
            cookie: cookie
        );
        status.ShouldBe(HttpStatusCode.OK);
        body.ShouldContain("not_connected");
        (await host.CanCallAsync()).ShouldBeTrue();
    }

    [Theory]
    [InlineData("aud", "http://gateway.test/mcp/notes", HttpStatusCode.Unauthorized)]
    [InlineData("aud", "http://gateway.test/connections", HttpStatusCode.Unauthorized)]
    [InlineData("scope", "openid", HttpStatusCode.Forbidden)]
    [InlineData("scope", "openid mcp:tools", HttpStatusCode.OK)]
    public async Task The_token_must_be_for_the_whole_gateway_and_its_tools(
        string claim,
        string value,
        HttpStatusCode expected
    )
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync();
        var token = host.Gateway.Token((_, payload) => payload[claim] = value);

        (await host.ApiAsync(HttpMethod.Get, token: token)).Status.ShouldBe(expected);
        (await host.ApiAsync(HttpMethod.Delete, "/connections/notes", token)).Status.ShouldBe(expected);

        (await host.CanCallAsync()).ShouldBe(expected != HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nothing_is_ended_that_cannot_be_recorded()
    {
        await using var host = await ConsentHost.StartAsync(time: null, GatewayHost.UnwritableAudit);
        var vault = host.Gateway.Services.GetRequiredService<IGrantVault>();
        var user = new UserId("corp", "user-1");
        await vault.PutAsync(Binding(user), Tokens("a"), account: null, Cancel);

        var (status, body, _) = await host.ApiAsync(HttpMethod.Delete, "/connections/notes", host.Token());

        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        body.ShouldContain("audit_unwritable");
        host.ThirdParty.RequestsOf("/revoke").ShouldBeEmpty();
        (await vault.ReadAsync(user, Target("notes"), Cancel)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Without_its_vault_the_gateway_says_so()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync();
        await using (var context = host.Gateway.Services.GetRequiredService<VaultDatabase>().CreateContext())
        {
            await context.Database.ExecuteSqlAsync($"ALTER TABLE grants RENAME TO gone", Cancel);
        }

        foreach (
            var (method, path) in ((HttpMethod, string)[])
                [(HttpMethod.Get, "/connections"), (HttpMethod.Delete, "/connections/notes")]
        )
        {
            var (status, body, _) = await host.ApiAsync(method, path, host.Token());

            status.ShouldBe(HttpStatusCode.ServiceUnavailable);
            body.ShouldContain("vault_unavailable");
        }
    }

    private static async Task<string?> StateAsync(ConsentHost host, string token) =>
        JsonDocument
            .Parse((await host.ApiAsync(HttpMethod.Get, token: token)).Body)
            .RootElement.GetProperty("connections")[0]
            .GetProperty("state")
            .GetString();
}
