using System.Net;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Tests.Outbound;
using AspireGateway.Gateway.Vault;
using AspireGateway.TestKit.Targets;
using AspireGateway.TestKit.ThirdParty;
using Microsoft.Extensions.DependencyInjection;

namespace AspireGateway.Gateway.Tests.Admin;

/// <summary>Grants belong to the server that they were given for, and end with it, with a person who leaves, and never in another's hands.</summary>
public sealed class TargetGrantTests
{
    [Fact]
    public async Task A_target_that_was_defined_by_an_administrator_asks_its_people_like_any_other()
    {
        await using var host = await ConsentHost.StartAsync();
        await using var drive = await DriveAsync(host);

        await ConnectAsync(host, "user-1");

        (await host.CallAsync("drive___echo")).Text.ShouldContain("hi");
        drive.Calls().Count(static request => request.Headers.ContainsKey("Authorization")).ShouldBe(1);
    }

    [Fact]
    public async Task An_edit_of_something_else_keeps_the_grants()
    {
        await using var host = await ConsentHost.StartAsync();
        await using var drive = await DriveAsync(host);
        await ConnectAsync(host, "user-1");

        var edited = await host.Gateway.AdminAsync(
            HttpMethod.Put,
            "/targets/drive",
            Personal(drive.Url, ""","timeout":"00:01:00" """)
        );

        edited.Json["endedConnections"]!.GetValue<int>().ShouldBe(0);
        (await host.CallAsync("drive___echo")).Text.ShouldContain("hi");
    }

    [Fact]
    public async Task Another_url_ends_the_grants_revokes_them_where_they_were_given_and_never_gets_their_tokens()
    {
        await using var host = await ConsentHost.StartAsync();
        await using var drive = await DriveAsync(host);
        await ConnectAsync(host, "user-1");
        await ConnectAsync(host, "user-2");
        await using var other = await FakeTarget.StartNewAsync();
        TargetProtection.Protect(other, host.ThirdParty);

        var edited = await host.Gateway.AdminAsync(HttpMethod.Put, "/targets/drive", Personal(other.Url));

        edited.Json["endedConnections"]!.GetValue<int>().ShouldBe(2);
        edited.Json["revokedConnections"]!.GetValue<int>().ShouldBe(2);
        host.ThirdParty.RequestsOf("/revoke").Count.ShouldBe(4);
        (await host.CallAsync("drive___echo")).Result.GetProperty("resultType").GetString().ShouldBe("input_required");
        other.Requests.ShouldAllBe(static request => !request.Headers.ContainsKey("Authorization"));
        (await GrantsAsync(host)).ShouldBe(0);
    }

    [Theory]
    [InlineData("issuer")]
    [InlineData("clientId")]
    [InlineData("resource")]
    public async Task Another_authorization_server_client_or_resource_ends_the_grants(string member)
    {
        await using var host = await ConsentHost.StartAsync();
        await using var drive = await DriveAsync(host);
        await ConnectAsync(host, "user-1");
        var value = member == "clientId" ? "by-hand" : host.ThirdParty.BaseUrl;

        var edited = await host.Gateway.AdminAsync(
            HttpMethod.Put,
            "/targets/drive",
            Personal(drive.Url, $$""","authorizationCode":{"{{member}}":"{{value}}"} """)
        );

        edited.Json["endedConnections"]!.GetValue<int>().ShouldBe(1);
        (await GrantsAsync(host)).ShouldBe(0);
    }

    [Fact]
    public async Task A_deleted_target_ends_its_grants_with_revocation_and_those_of_others_stay()
    {
        await using var host = await ConsentHost.StartAsync();
        await using var drive = await DriveAsync(host);
        await host.ConnectAsync();
        await ConnectAsync(host, "user-1");

        var deleted = await host.Gateway.AdminAsync(HttpMethod.Delete, "/targets/drive");

        deleted.Json["endedConnections"]!.GetValue<int>().ShouldBe(1);
        deleted.Json["revokedConnections"]!.GetValue<int>().ShouldBe(1);
        (await GrantsAsync(host)).ShouldBe(0);
        (await host.CallAsync()).Text.ShouldContain("hi");
    }

    [Fact]
    public async Task An_answer_that_was_on_its_way_when_the_url_changed_connects_nothing()
    {
        await using var host = await ConsentHost.StartAsync();
        await using var drive = await DriveAsync(host);
        await using var other = await FakeTarget.StartNewAsync();
        TargetProtection.Protect(other, host.ThirdParty);
        var (link, _) = await host.AskAsync("drive___echo");
        var browser = host.Browser();
        var stopped = await ConsentHost.ConsentAsync(
            browser,
            link,
            new Uri("http://gateway.test/connect/callback/drive")
        );
        await host.Gateway.AdminAsync(HttpMethod.Put, "/targets/drive", Personal(other.Url));

        var page = await browser.GetAsync(stopped.Location!, TestContext.Current.CancellationToken);

        page.Status.ShouldBe(HttpStatusCode.BadRequest);
        host.ThirdParty.TokenRequests("authorization_code").ShouldBeEmpty();
        (await GrantsAsync(host)).ShouldBe(0);
    }

    [Fact]
    public async Task A_person_who_leaves_loses_every_connection_with_revocation_and_nobody_else_does()
    {
        await using var host = await ConsentHost.StartAsync();
        await using var drive = await DriveAsync(host);
        await host.ConnectAsync();
        await ConnectAsync(host, "user-1");
        await ConnectAsync(host, "user-2");

        var ended = await host.Gateway.AdminAsync(HttpMethod.Delete, "/users/corp/user-1/connections");

        ended
            .Json.ToJsonString()
            .ShouldBe("""{"connections":[{"target":"drive","revoked":true},{"target":"notes","revoked":true}]}""");
        (await host.CallAsync()).Result.GetProperty("resultType").GetString().ShouldBe("input_required");
        (await host.CallAsync("drive___echo", host.Token("user-2"))).Text.ShouldContain("hi");
        host.Gateway.Audit()
            .Count(static line =>
                line.GetProperty("method").GetString() == "end_connections"
                && line.GetProperty("name").GetString() == "corp:user-1"
            )
            .ShouldBe(1);
        (await host.Gateway.AdminAsync(HttpMethod.Delete, "/users/corp/user-1/connections")).Json["connections"]!
            .AsArray()
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_authorization_server_is_taken_when_an_administrator_confirms_it()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync();
        await using var other = await FakeAuthorizationServer.StartNewAsync();
        host.Protection.ChangeMetadata = m => m["authorization_servers"] = new JsonArray(other.BaseUrl);

        var confirmed = await host.Gateway.AdminAsync(HttpMethod.Post, "/targets/notes/authorization-server/confirm");

        confirmed.Json["issuer"]!.GetValue<string>().ShouldBe(other.BaseUrl);
        confirmed.Json["endedConnections"]!.GetValue<int>().ShouldBe(1);
        var (link, _) = await host.AskAsync();
        await ConsentHost.ConsentAsync(host.Browser(), link);
        other.RequestsOf("/authorize").ShouldHaveSingleItem();
        (
            await host.Gateway.AdminAsync(HttpMethod.Post, "/targets/weather/authorization-server/confirm")
        ).Reason.ShouldBe("no_grant_needed");
    }

    [Fact]
    public async Task The_vault_says_which_keys_it_needs_and_wraps_its_rows_anew()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync();

        var state = await host.Gateway.AdminAsync(HttpMethod.Get, "/vault");
        var report = await host.Gateway.AdminAsync(HttpMethod.Post, "/vault/rewrap");

        state.Json["keys"]![0]!["rows"]!.GetValue<long>().ShouldBeGreaterThan(0);
        report.Json["unreadable"]!.GetValue<long>().ShouldBe(0);
        report.Json["state"]!["activeKey"]!.ToString().ShouldBe(state.Json["activeKey"]!.ToString());
    }

    internal static string Personal(string url, string more = "") =>
        AdminCalls.Definition("drive", url, ""","credential":"authorization_code" """ + more);

    /// <summary>A second target of the same third party, defined while the gateway runs.</summary>
    internal static async Task<FakeTarget> DriveAsync(ConsentHost host)
    {
        var drive = await FakeTarget.StartNewAsync();
        TargetProtection.Protect(drive, host.ThirdParty);
        var created = await host.Gateway.AdminAsync(HttpMethod.Post, "/targets", Personal(drive.Url));
        created.Status.ShouldBe(HttpStatusCode.Created);
        return drive;
    }

    internal static async Task ConnectAsync(ConsentHost host, string subject, string client = "test-client")
    {
        var (link, _) = await host.AskAsync("drive___echo", host.Token(subject, client));
        var page = await ConsentHost.ConsentAsync(host.Browser(subject), link);
        page.Text.ShouldContain("is connected");
    }

    private static async Task<int> GrantsAsync(ConsentHost host)
    {
        TargetName.TryParse("drive", out var name).ShouldBeTrue();
        var vault = host.Gateway.Services.GetRequiredService<IGrantVault>();
        return (await vault.ListAsync(name, TestContext.Current.CancellationToken)).Count;
    }
}
