using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>Which scopes the browser is sent to the authorization server with.</summary>
public sealed class ScopeRequestTests
{
    private const string Settings = "Gateway:Targets:notes:AuthorizationCode:";

    [Fact]
    public async Task Offline_access_is_asked_for_where_the_server_lists_it()
    {
        await using var host = await ConsentHost.StartAsync();
        OffersOfflineAccess(host);

        await host.ConnectAsync();

        Asked(host).ShouldBe("notes:read offline_access");
    }

    [Fact]
    public async Task Offline_access_is_not_asked_for_where_the_server_does_not_list_it()
    {
        await using var host = await ConsentHost.StartAsync();

        await host.ConnectAsync();

        Asked(host).ShouldBe("notes:read");
    }

    [Fact]
    public async Task A_target_can_do_without_offline_access()
    {
        await using var host = await ConsentHost.StartAsync(null, (Settings + "RequestOfflineAccess", "false"));
        OffersOfflineAccess(host);
        host.Protection.ChangeMetadata = static m =>
            m["scopes_supported"] = new JsonArray("notes:read", "offline_access");

        await host.ConnectAsync();

        Asked(host).ShouldBe("notes:read");
    }

    [Fact]
    public async Task A_list_of_scopes_in_the_settings_is_taken_as_it_is()
    {
        await using var host = await ConsentHost.StartAsync(null, (Settings + "Scopes:0", "notes:write"));
        OffersOfflineAccess(host);

        await host.ConnectAsync();

        Asked(host).ShouldBe("notes:write");
    }

    [Fact]
    public async Task Additional_scopes_stand_beside_what_the_target_asks_for()
    {
        await using var host = await ConsentHost.StartAsync(
            null,
            (Settings + "AdditionalScopes:0", "openid"),
            (Settings + "AdditionalScopes:1", "notes:read")
        );

        await host.ConnectAsync();

        Asked(host).ShouldBe("notes:read openid");
    }

    [Fact]
    public async Task What_is_in_the_query_of_the_authorization_endpoint_stays_there()
    {
        await using var host = await ConsentHost.StartAsync();
        host.ThirdParty.Behaviour.ChangeMetadata = static m =>
            m["authorization_endpoint"] = m["authorization_endpoint"] + "?tenant=a%26b";

        await host.ConnectAsync();

        var query = QueryHelpers.ParseQuery(
            new Uri(host.ThirdParty.BaseUrl + host.ThirdParty.RequestsOf("/authorize")[^1].Path).Query
        );
        query["tenant"].ShouldBe(["a&b"]);
        query["response_type"].ShouldBe(["code"]);
        query["code_challenge_method"].ShouldBe(["S256"]);
    }

    [Fact]
    public async Task A_server_that_does_not_mention_offline_access_in_its_answer_is_not_asked_twice()
    {
        await using var host = await ConsentHost.StartAsync();
        OffersOfflineAccess(host);
        host.ThirdParty.Behaviour.Withholds = "offline_access";
        host.Protection.ToolScopes["echo"] = "notes:write";
        await host.ConnectAsync();
        var (stepUp, _) = await host.AskAsync();
        (await ConsentHost.ConsentAsync(host.Browser(), stepUp)).Text.ShouldContain("is connected");
        (await host.CanCallAsync()).ShouldBeTrue();

        var page = await ConsentHost.ConsentAsync(
            host.Browser(),
            (await host.AskAsync(token: host.Token(client: "another-agent"))).Url
        );

        page.Text.ShouldContain("is connected");
        host.ThirdParty.RequestsOf("/authorize").Count.ShouldBe(2, "the grant that is there is wide enough");
        (await host.CanCallAsync(host.Token(client: "another-agent"))).ShouldBeTrue();
    }

    private static void OffersOfflineAccess(ConsentHost host) =>
        host.ThirdParty.Behaviour.ChangeMetadata = static m =>
            m["scopes_supported"] = new JsonArray("notes:read", "offline_access");

    private static string Asked(ConsentHost host) =>
        QueryHelpers
            .ParseQuery(new Uri(host.ThirdParty.BaseUrl + host.ThirdParty.RequestsOf("/authorize")[^1].Path).Query)[
                "scope"
            ]
            .ToString();
}
