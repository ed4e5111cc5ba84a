using System.Text.Json.Nodes;
using AspireGateway.Gateway.Outbound.Discovery;
using AspireGateway.Gateway.Targets;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>Metadata that lies leads nowhere: no authorization request, and words for the administrator.</summary>
public sealed class LyingServerTests
{
    private static readonly Dictionary<string, (Action<ConsentHost> Lie, string Reason)> Lies = new(
        StringComparer.Ordinal
    )
    {
        ["another issuer"] = (
            static h => Server(h, static m => m["issuer"] = "http://evil.example"),
            "issuer_mismatch"
        ),
        ["issuer with a slash more"] = (
            static h => Server(h, static m => m["issuer"] = m["issuer"] + "/"),
            "issuer_mismatch"
        ),
        ["no PKCE"] = (static h => Server(h, static m => m.Remove("code_challenge_methods_supported")), "no_pkce"),
        ["plain PKCE only"] = (
            static h => Server(h, static m => m["code_challenge_methods_supported"] = new JsonArray("plain")),
            "no_pkce"
        ),
        ["a script as authorization endpoint"] = (
            static h => Server(h, static m => m["authorization_endpoint"] = "javascript:alert(1)"),
            "invalid_metadata"
        ),
        ["credentials in the authorization endpoint"] = (
            static h => Server(h, static m => m["authorization_endpoint"] = "https://a:b@evil.example/"),
            "invalid_metadata"
        ),
        ["a fragment in the authorization endpoint"] = (
            static h => Server(h, static m => m["authorization_endpoint"] = m["authorization_endpoint"] + "#x"),
            "invalid_metadata"
        ),
        ["OAuth parameters in the authorization endpoint"] = (
            static h =>
                Server(h, static m => m["authorization_endpoint"] = m["authorization_endpoint"] + "?client_id=evil"),
            "invalid_metadata"
        ),
        ["an internal token endpoint over http"] = (
            static h => Server(h, static m => m["token_endpoint"] = "http://169.254.169.254/token"),
            "invalid_metadata"
        ),
        ["another resource"] = (
            static h => h.Protection.ChangeMetadata = static m => m["resource"] = "http://evil.example/mcp",
            "resource_mismatch"
        ),
        ["a resource beside the target"] = (
            static h => h.Protection.ChangeMetadata = static m => m["resource"] = m["resource"] + "2",
            "resource_mismatch"
        ),
        ["no authorization server"] = (
            static h => h.Protection.ChangeMetadata = static m => m.Remove("authorization_servers"),
            "no_authorization_server"
        ),
        ["an authorization server that is no web page"] = (
            static h =>
                h.Protection.ChangeMetadata = static m =>
                    m["authorization_servers"] = new JsonArray("data:text/html,x"),
            "no_authorization_server"
        ),
    };

    public static TheoryData<string> Names => [.. Lies.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_lie_in_the_metadata_leads_nowhere(string what)
    {
        var (lie, reason) = Lies[what];
        await using var host = await ConsentHost.StartAsync();
        lie(host);
        var (link, _) = await host.AskAsync();

        var browser = host.Browser();
        var page = await browser.OpenAsync(link, cancellationToken: TestContext.Current.CancellationToken);
        if (page.FindForm("connect") is not null)
        {
            page = await browser.SubmitAsync(page, "connect", cancellationToken: TestContext.Current.CancellationToken);
        }

        ((int)page.Status).ShouldBeGreaterThanOrEqualTo(400);
        page.Text.ShouldContain(reason);
        host.ThirdParty.RequestsOf("/authorize").ShouldBeEmpty();
        host.ThirdParty.RequestsOf("/token").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_target_that_names_another_server_than_before_waits_for_an_administrator()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await ConsentHost.StartAsync(time);
        await host.ConnectAsync();
        await using var other = await TestKit.ThirdParty.FakeAuthorizationServer.StartNewAsync();
        host.Protection.ChangeMetadata = m => m["authorization_servers"] = new JsonArray(other.BaseUrl);
        time.Advance(TimeSpan.FromMinutes(6));

        var (link, _) = await host.AskAsync(token: host.Token(client: "another-agent"));
        var page = await host.Browser().OpenAsync(link, cancellationToken: TestContext.Current.CancellationToken);

        page.Text.ShouldContain("authorization_server_changed");
        other.RequestsOf("/authorize").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_target_that_moved_and_refuses_the_tokens_of_its_old_server_waits_for_an_administrator_at_once()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync();
        await using var other = await TestKit.ThirdParty.FakeAuthorizationServer.StartNewAsync();
        Move(host, other);

        var answer = await host.CallAsync();

        answer.Result.GetProperty("isError").GetBoolean().ShouldBeTrue();
        answer.Text.ShouldContain("names another authorization server");
        other.Requests.ShouldNotContain(static request => request.Method == "POST");
    }

    [Fact]
    public async Task After_the_administrators_word_the_person_is_asked_at_the_new_server_where_the_gateway_is_registered_anew()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync();
        await using var other = await TestKit.ThirdParty.FakeAuthorizationServer.StartNewAsync();
        Move(host, other);
        await host.CallAsync();
        await ConfirmAsync(host);

        var (link, _) = await host.AskAsync();
        var page = await ConsentHost.ConsentAsync(host.Browser(), link);

        page.Text.ShouldContain("is connected");
        other.RequestsOf("/register").Count.ShouldBe(1);
        ClientOf(other).ShouldNotBe(ClientOf(host.ThirdParty));
        host.ThirdParty.RequestsOf("/authorize").Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_servers_own_query_is_kept()
    {
        await using var host = await ConsentHost.StartAsync();
        Server(host, static m => m["authorization_endpoint"] = m["authorization_endpoint"] + "?tenant=7");

        await host.ConnectAsync();

        host.ThirdParty.RequestsOf("/authorize")[0].Path.ShouldContain("tenant=7");
    }

    private static void Move(ConsentHost host, TestKit.ThirdParty.FakeAuthorizationServer other)
    {
        host.Protection.ChangeMetadata = m => m["authorization_servers"] = new JsonArray(other.BaseUrl);
        host.ThirdParty.Grants.ForgetAccessTokens();
    }

    private static Task<bool> ConfirmAsync(ConsentHost host) =>
        host
            .Gateway.Services.GetRequiredService<KnownAuthorizationServers>()
            .ForgetAsync(
                host.Gateway.Services.GetRequiredService<TargetRegistry>()
                    .All.Single(static target => target.Name.Value == "notes"),
                TestContext.Current.CancellationToken
            );

    private static string ClientOf(TestKit.ThirdParty.FakeAuthorizationServer server) =>
        QueryHelpers.ParseQuery(new Uri(server.BaseUrl + server.RequestsOf("/authorize")[^1].Path).Query)["client_id"]!;

    private static void Server(ConsentHost host, Action<JsonObject> change) =>
        host.ThirdParty.Behaviour.ChangeMetadata = change;
}
