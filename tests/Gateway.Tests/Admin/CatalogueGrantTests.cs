using System.Net;
using System.Text.Json;
using AspireGateway.Gateway.Admin.Catalogue;
using AspireGateway.Gateway.Targets.Catalogue;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Outbound;
using AspireGateway.TestKit.Targets;

namespace AspireGateway.Gateway.Tests.Admin;

/// <summary>Tools of a target that needs a person: given up front, or read with the one grant that an administrator designated.</summary>
public sealed class CatalogueGrantTests
{
    [Fact]
    public async Task Tools_that_are_given_with_the_definition_are_listed_before_anybody_has_consented()
    {
        await using var host = await ConsentHost.StartAsync();
        const string Tools = ""","tools":[{"name":"read_note","inputSchema":{"type":"object"}}]""";

        await host.Gateway.AdminAsync(HttpMethod.Post, "/targets", TargetGrantTests.Personal(host.Notes.Url, Tools));

        (await host.Gateway.StateAsync("drive")).ShouldBe("READY");
        (await ListAsync(host)).ShouldContain("drive___read_note");
        var refused = await host.Gateway.AdminAsync(HttpMethod.Put, "/targets/drive/catalogue-grant");
        refused.Reason.ShouldBe("no_grant_needed");
        (await host.Gateway.AdminAsync(HttpMethod.Post, "/targets/drive/synchronize")).Json["added"]!
            .AsArray()
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_designated_grant_nothing_is_read_whoever_has_connected()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync();

        var refused = await host.Gateway.AdminAsync(HttpMethod.Post, "/targets/notes/synchronize");

        refused.Status.ShouldBe(HttpStatusCode.Conflict);
        refused.Reason.ShouldBe("not_synchronized");
        refused.Text.ShouldContain("catalogue-grant");
        (await host.Gateway.StateAsync("notes")).ShouldBe("PENDING_AUTH");
        host.Notes.Calls("tools/list").ShouldAllBe(static request => !request.Headers.ContainsKey("Authorization"));
        (await ListAsync(host, "user-2")).ShouldContain("notes___connect_account");
    }

    [Fact]
    public async Task The_designated_grant_reads_the_tools_as_soon_as_it_is_there_and_everybody_sees_them()
    {
        await using var host = await ConsentHost.StartAsync();

        var designated = await host.Gateway.AdminAsync(HttpMethod.Put, "/targets/notes/catalogue-grant");
        designated.Status.ShouldBe(HttpStatusCode.Accepted);
        designated.Json["target"]!["state"]!.GetValue<string>().ShouldBe("PENDING_AUTH");
        (await ListAsync(host)).ShouldContain("notes___connect_account");
        await ConsentHost.ConsentAsync(host.Browser("carol"), Link(designated));
        await host.Gateway.UntilAsync("notes", "READY");

        (await ListAsync(host, "user-2")).ShouldBe(["notes___echo", "weather___echo"]);
        (await host.CallAsync(token: host.Token("user-2")))
            .Result.GetProperty("resultType")
            .GetString()
            .ShouldBe("input_required");
        var shown = (await host.Gateway.AdminAsync(HttpMethod.Get, "/targets/notes")).Json;
        shown["catalogueGrant"]!["subject"]!.GetValue<string>().ShouldBe("carol");
        shown["toolCount"]!.GetValue<int>().ShouldBe(1);
        (await host.Gateway.AdminAsync(HttpMethod.Put, "/targets/notes/catalogue-grant")).Status.ShouldBe(
            HttpStatusCode.OK
        );
    }

    [Fact]
    public async Task Prompts_and_resources_are_read_with_the_designated_grant_too_and_are_for_everybody()
    {
        await using var host = await ConsentHost.StartAsync();
        host.Notes.Offer = new FakeOffer("notes");

        await DesignateAsync(host);

        var shown = (await host.Gateway.AdminAsync(HttpMethod.Get, "/targets/notes")).Json;
        shown["promptCount"]!.GetValue<int>().ShouldBe(1);
        shown["resourceTemplateCount"]!.GetValue<int>().ShouldBe(1);
        foreach (var (path, name) in new[] { ("/mcp", "notes___notes_advice"), ("/mcp/notes", "notes_advice") })
        {
            using var request = Modern.Send(path, "prompts/list", [], host.Token("user-2"));
            var prompts = (await host.Client.ReadAsync(request)).Result.GetProperty("prompts");
            prompts[0].GetProperty("name").GetString().ShouldBe(name);
        }
    }

    [Fact]
    public void A_record_of_a_gateway_that_read_only_tools_can_still_be_read()
    {
        const string Old = """
            {"Url":"http://notes.test/mcp","Issuer":"corp","Subject":"carol","Client":"admin","DesignatedAt":"2026-11-01T00:00:00+00:00",
             "State":0,"Reason":null,"AttemptedAt":null,"SynchronizedAt":"2026-11-01T00:00:01+00:00","Tools":[{"name":"echo","x":1}]}
            """;

        var contents = JsonSerializer.Deserialize<CatalogueGrant>(Old)!.Contents;
        var again = JsonSerializer.Deserialize<CatalogueGrant>(
            JsonSerializer.Serialize(JsonSerializer.Deserialize<CatalogueGrant>(Old)! with { Contents = contents })
        )!;

        contents.Tools.ShouldHaveSingleItem()["x"]!.GetValue<int>().ShouldBe(1);
        contents.Prompts.ShouldBeEmpty();
        contents.Knows(ListKind.Tools).ShouldBeTrue();
        contents.Knows(ListKind.Prompts).ShouldBeFalse();
        again.Contents.Tools.ShouldHaveSingleItem()["name"]!.GetValue<string>().ShouldBe("echo");
    }

    [Fact]
    public async Task The_grant_of_somebody_else_is_not_used_in_its_place()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync("user-1", "admin-tool");
        await host.ConnectAsync("carol", "another-tool");

        await host.Gateway.AdminAsync(HttpMethod.Put, "/targets/notes/catalogue-grant");
        var refused = await host.Gateway.AdminAsync(HttpMethod.Post, "/targets/notes/synchronize");

        // Carol has consented for another program only; user-1 for this one.
        refused.Reason.ShouldBe("not_synchronized");
        host.Notes.Calls("tools/list").ShouldAllBe(static request => !request.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task A_synchronization_says_what_has_changed()
    {
        await using var host = await ConsentHost.StartAsync();
        await DesignateAsync(host);
        var protection = host.Notes.Override!;
        host.Notes.Override = async (context, request) =>
            await protection(context, request) || await TargetDefinitionTests.RenameAsync(context, request, "shout");

        var notes = await host.Gateway.AdminAsync(HttpMethod.Post, "/targets/notes/synchronize");
        host.Gateway.Target.Override = static (context, request) =>
            TargetDefinitionTests.RenameAsync(context, request, "rain");
        var weather = await host.Gateway.AdminAsync(HttpMethod.Post, "/targets/weather/synchronize");
        var again = await host.Gateway.AdminAsync(HttpMethod.Post, "/targets/weather/synchronize");

        notes
            .Json.ToJsonString()
            .ShouldStartWith("""{"state":"READY","toolCount":1,"added":["shout"],"removed":["echo"],"changed":[],""");
        weather
            .Json.ToJsonString()
            .ShouldStartWith("""{"state":"READY","toolCount":1,"added":["rain"],"removed":["echo"],"changed":[],""");
        again.Json["added"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_target_in_trouble_is_failed_with_its_reason_and_keeps_its_tools()
    {
        await using var host = await ConsentHost.StartAsync();
        await DesignateAsync(host);
        var protection = host.Notes.Override!;
        host.Notes.Override = async (context, request) =>
        {
            if (await protection(context, request))
            {
                return true;
            }

            context.Response.StatusCode = 500;
            return true;
        };

        var refused = await host.Gateway.AdminAsync(HttpMethod.Post, "/targets/notes/synchronize");

        refused.Status.ShouldBe(HttpStatusCode.BadGateway);
        refused.Reason.ShouldBe("target_failed");
        (await host.Gateway.StateAsync("notes")).ShouldBe("FAILED");
        (await ListAsync(host)).ShouldContain("notes___echo");
    }

    [Fact]
    public async Task A_grant_that_has_ended_makes_it_wait_and_the_tools_stay()
    {
        await using var host = await ConsentHost.StartAsync();
        await DesignateAsync(host);

        await host.Gateway.AdminAsync(HttpMethod.Delete, "/users/corp/carol/connections");
        await host.Gateway.AdminAsync(HttpMethod.Post, "/targets/notes/synchronize");

        (await host.Gateway.StateAsync("notes")).ShouldBe("PENDING_AUTH");
        (await ListAsync(host)).ShouldContain("notes___echo");
    }

    [Fact]
    public async Task A_designation_can_be_taken_back_while_it_waits_and_blocks_nothing()
    {
        await using var host = await ConsentHost.StartAsync();
        var designated = await host.Gateway.AdminAsync(HttpMethod.Put, "/targets/notes/catalogue-grant");

        (await host.Gateway.AdminAsync(HttpMethod.Delete, "/targets/notes/catalogue-grant")).Status.ShouldBe(
            HttpStatusCode.NoContent
        );
        await ConsentHost.ConsentAsync(host.Browser("carol"), Link(designated));
        await host.Gateway.AdminAsync(HttpMethod.Post, "/targets/notes/synchronize");

        (await host.Gateway.StateAsync("notes")).ShouldBe("PENDING_AUTH");
        host.Notes.Calls("tools/list").ShouldAllBe(static request => !request.Headers.ContainsKey("Authorization"));
        await host.ConnectAsync("user-2");
        (await host.CallAsync(token: host.Token("user-2"))).Text.ShouldContain("hi");
    }

    [Fact]
    public async Task Tools_that_were_read_go_with_the_designation()
    {
        await using var host = await ConsentHost.StartAsync();
        await DesignateAsync(host);

        await host.Gateway.AdminAsync(HttpMethod.Delete, "/targets/notes/catalogue-grant");

        (await ListAsync(host)).ShouldContain("notes___connect_account");
        (await host.Gateway.StateAsync("notes")).ShouldBe("PENDING_AUTH");
    }

    [Fact]
    public async Task The_other_replica_lists_what_was_read_without_asking_the_target()
    {
        var folder = Directory.CreateTempSubdirectory("gateway-replicas-").FullName;
        await using (var host = await ConsentHost.StartAsync(settings: ("Gateway:Vault:DataPath", folder)))
        {
            await using var second = await ReplicaTests.SecondAsync(
                host.Gateway,
                folder,
                ("Gateway:Targets:notes:Url", host.Notes.Url),
                ("Gateway:Targets:notes:Credential", "authorization_code")
            );
            using var client = await second.CreateReadyClientAsync();
            await DesignateAsync(host);
            var asked = host.Notes.Requests.Count;

            await Eventually.HoldsAsync(async () =>
                (await client.SendAsync("/mcp", McpRequests.ListTools, host.Token())).Text.Contains("notes___echo")
            );

            host.Notes.Requests.Count.ShouldBe(asked);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task DesignateAsync(ConsentHost host)
    {
        var designated = await host.Gateway.AdminAsync(HttpMethod.Put, "/targets/notes/catalogue-grant");
        await ConsentHost.ConsentAsync(host.Browser("carol"), Link(designated));
        await host.Gateway.UntilAsync("notes", "READY");
    }

    private static Uri Link(AdminAnswer designated) => new(designated.Json["connectUrl"]!.GetValue<string>());

    private static async Task<string[]> ListAsync(ConsentHost host, string subject = "user-3") =>
        [
            .. (await host.Client.SendAsync("/mcp", McpRequests.ListTools, host.Token(subject)))
                .Result.GetProperty("tools")
                .EnumerateArray()
                .Select(static tool => tool.GetProperty("name").GetString()!),
        ];
}
