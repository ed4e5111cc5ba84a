using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Catalogue;
using AspireGateway.Gateway.Targets.Upstream;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit.Targets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>Prompts and resources of a target that shows each person their own.</summary>
public sealed class PersonalOfferTests
{
    public static TheoryData<string, string, string> Lists =>
        new()
        {
            { "prompts/list", "prompts", "name" },
            { "resources/list", "resources", "uri" },
            { "resources/templates/list", "resourceTemplates", "uriTemplate" },
        };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Nobody_sees_what_somebody_else_s_account_holds(string method, string member, string key)
    {
        await using var host = await StartAsync();
        await host.ConnectAsync("user-1");
        await host.ConnectAsync("user-2");

        var before = await KeysAsync(host, "user-3", method, member, key);
        var mine = await KeysAsync(host, "user-1", method, member, key);
        var theirs = await KeysAsync(host, "user-2", method, member, key);
        var again = await KeysAsync(host, "user-1", method, member, key);

        before.ShouldBeEmpty();
        mine.ShouldHaveSingleItem().ShouldStartWith("notes");
        theirs.ShouldHaveSingleItem().ShouldStartWith("notes");
        mine.ShouldNotBe(theirs);
        again.ShouldBe(mine);
    }

    [Fact]
    public async Task A_resource_is_read_with_the_caller_s_own_token_whoever_listed_it()
    {
        await using var host = await StartAsync();
        await host.ConnectAsync("user-1");
        await host.ConnectAsync("user-2");
        var uri = (await KeysAsync(host, "user-1", "resources/list", "resources", "uri")).Single();

        var own = await ReadAsync(host, "user-1", uri);
        var other = await ReadAsync(host, "user-2", uri);

        // The fake says whose token it saw.
        own.ShouldNotBe(other);
        uri.ShouldContain(own["of ".Length..]);
        uri.ShouldNotContain(other["of ".Length..]);
    }

    [Theory]
    [InlineData("prompts/get", "name", "notes___advice")]
    [InlineData("resources/read", "uri", "notes+notes://cities")]
    public async Task Whoever_has_not_consented_is_asked_and_the_target_is_not(string method, string key, string name)
    {
        await using var host = await StartAsync();
        host.Notes.ClearRequests();

        var asked = await AskAsync(host, method, key, name);
        await ConsentHost.ConsentAsync(host.Browser(), asked);
        var answered = await SendAsync(host, "user-1", method, new JsonObject { [key] = name }, name);

        answered.TryGetProperty("inputRequests", out _).ShouldBeFalse();
        host.Notes.Calls(method).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_one_person_s_connection_says_is_told_to_nobody_else_and_read_anew_for_them_alone()
    {
        await using var host = await StartAsync();
        await host.ConnectAsync("user-1");
        await host.ConnectAsync("user-2");
        await KeysAsync(host, "user-1", "prompts/list", "prompts", "name");
        await KeysAsync(host, "user-2", "prompts/list", "prompts", "name");
        var services = host.Gateway.Services;
        var told = new List<CatalogueChange>();
        using var listening = services.GetRequiredService<CatalogueChanges>().Subscribe(told.Add);
        host.Notes.ClearRequests();

        var user = new UserId("corp", "user-1");
        services
            .GetRequiredService<TargetNotifications>()
            .Raise(
                new TargetNotification(
                    services.GetRequiredService<TargetRegistry>().All.Single(static target => target.NeedsPerson),
                    user,
                    ListKind.Prompts.Notification
                )
            );
        await KeysAsync(host, "user-2", "prompts/list", "prompts", "name");
        host.Notes.Calls("prompts/list").ShouldBeEmpty();
        await KeysAsync(host, "user-1", "prompts/list", "prompts", "name");

        host.Notes.Calls("prompts/list").ShouldHaveSingleItem();
        told.ShouldAllBe(change => change.User == user);
        told.ShouldHaveSingleItem().Lists.ShouldBe([ListKind.Prompts]);
    }

    [Fact]
    public async Task On_the_target_s_own_endpoint_lists_are_answered_before_the_consent_and_by_the_target_after_it()
    {
        await using var host = await StartAsync();

        var before = await KeysAsync(host, "user-1", "prompts/list", "prompts", "name", "/mcp/notes");
        await host.ConnectAsync("user-1");
        var after = await KeysAsync(host, "user-1", "prompts/list", "prompts", "name", "/mcp/notes");
        var others = await KeysAsync(host, "user-2", "prompts/list", "prompts", "name", "/mcp/notes");

        before.ShouldBeEmpty();
        after.ShouldHaveSingleItem().ShouldEndWith("_advice");
        others.ShouldBeEmpty();
    }

    // Each token shows another account. No time passes: a list waits for a target as long as this machine needs.
    private static async Task<ConsentHost> StartAsync()
    {
        var host = await ConsentHost.StartAsync(new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        var protect = host.Notes.Override!;
        host.Notes.Override = async (context, request) =>
        {
            if (await protect(context, request) || request.Body.Length == 0)
            {
                return context.Response.HasStarted || context.Response.StatusCode != 200 || request.Body.Length > 0;
            }

            var message = JsonNode.Parse(request.Body)!.AsObject();
            var account = Convert.ToHexStringLower(
                SHA256.HashData(Encoding.UTF8.GetBytes(request.Headers["Authorization"]))
            )[..8];
            if (!message.ContainsKey("id") || new FakeOffer("a" + account).Result(message) is not { } result)
            {
                return false;
            }

            await FakeTarget.WriteAsync(context, message["id"]!, result);
            return true;
        };
        return host;
    }

    private static async Task<string[]> KeysAsync(
        ConsentHost host,
        string subject,
        string method,
        string member,
        string key,
        string path = "/mcp"
    ) =>
        [
            .. (await SendAsync(host, subject, method, [], path: path))
                .GetProperty(member)
                .EnumerateArray()
                .Select(item => item.GetProperty(key).GetString()!),
        ];

    private static async Task<string> ReadAsync(ConsentHost host, string subject, string uri) =>
        (await SendAsync(host, subject, "resources/read", new JsonObject { ["uri"] = uri }, uri))
            .GetProperty("contents")[0]
            .GetProperty("text")
            .GetString()!;

    private static async Task<Uri> AskAsync(ConsentHost host, string method, string key, string name)
    {
        var result = await SendAsync(host, "user-1", method, new JsonObject { [key] = name }, name);
        var question = result.GetProperty("inputRequests").EnumerateObject().Single().Value;
        return new Uri(question.GetProperty("params").GetProperty("url").GetString()!);
    }

    private static async Task<JsonElement> SendAsync(
        ConsentHost host,
        string subject,
        string method,
        JsonObject parameters,
        string? name = null,
        string path = "/mcp"
    )
    {
        using var request = Modern.Send(path, method, parameters, host.Token(subject), name: name);
        return (await host.Client.ReadAsync(request)).Result;
    }
}
