using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>Whose account a person has connected, as the third party says it.</summary>
public sealed class AccountTests
{
    private const string Settings = "Gateway:Targets:notes:AuthorizationCode:";

    private static readonly (string, string?) AsksForOpenId = (Settings + "AdditionalScopes:0", "openid");

    [Fact]
    public async Task The_id_token_names_the_account_for_the_person_and_for_nobody_else()
    {
        var account = $"alice-{Guid.NewGuid():N}";
        var spans = new ConcurrentQueue<string>();
        using var listener = Listen(spans);
        await using var host = await ConsentHost.StartAsync(null, AsksForOpenId);
        host.ThirdParty.Behaviour.Claims = new JsonObject { ["preferred_username"] = account };

        await host.ConnectAsync();

        (await AccountAsync(host)).ShouldBe(account);
        (await host.Browser().ConnectionsAsync()).Card().ShouldContain(account);
        (await AccountAsync(host, "user-2")).ShouldBeNull("it is not theirs");
        host.Gateway.Logs.Text.ShouldNotContain(account);
        host.Gateway.AuditText().ShouldNotContain(account);
        spans.ShouldContain(static tag => tag.Contains("notes"), "else nothing was looked at");
        spans.ShouldAllBe(tag => !tag.Contains(account));
    }

    [Fact]
    public async Task Another_account_takes_the_place_of_the_first_when_the_person_reconnects()
    {
        await using var host = await ConsentHost.StartAsync(null, AsksForOpenId);
        host.ThirdParty.Behaviour.Claims = new JsonObject { ["email"] = "work@example.com" };
        await host.ConnectAsync();
        host.ThirdParty.Behaviour.Claims = new JsonObject { ["email"] = "home@example.com" };

        await host.Browser().PressAndConsentAsync("reconnect");

        (await AccountAsync(host)).ShouldBe("home@example.com");
    }

    [Fact]
    public async Task A_refresh_keeps_the_name_of_the_account()
    {
        await using var host = await ConsentHost.StartAsync(null, AsksForOpenId);
        host.ThirdParty.Behaviour.Claims = new JsonObject { ["name"] = "Alice" };
        host.ThirdParty.Behaviour.TokenLifetime = TimeSpan.FromSeconds(5);
        await host.ConnectAsync();

        (await host.CanCallAsync()).ShouldBeTrue();

        host.ThirdParty.TokenRequests("refresh_token").ShouldNotBeEmpty();
        (await AccountAsync(host)).ShouldBe("Alice");
    }

    [Theory]
    [InlineData("""{"preferred_username":"mallory","iss":"https://evil.example"}""")]
    [InlineData("""{"preferred_username":"mallory","aud":"another-client"}""")]
    [InlineData("""{"preferred_username":"mallory","exp":1}""")]
    public async Task An_id_token_of_somebody_else_names_nobody_and_the_connection_works(string claims)
    {
        await using var host = await ConsentHost.StartAsync(null, AsksForOpenId);
        host.ThirdParty.Behaviour.Claims = JsonNode.Parse(claims)!.AsObject();
        host.ThirdParty.Behaviour.UserInfo = new JsonObject { ["sub"] = "account-1", ["name"] = "Mallory" };

        await host.ConnectAsync();

        (await AccountAsync(host)).ShouldBeNull();
        host.ThirdParty.RequestsOf("/userinfo").ShouldBeEmpty("a server that lies is not asked again");
        (await host.CanCallAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task The_userinfo_endpoint_is_asked_where_the_id_token_holds_no_name()
    {
        await using var host = await ConsentHost.StartAsync(null, AsksForOpenId);
        host.ThirdParty.Behaviour.Claims = [];
        host.ThirdParty.Behaviour.UserInfo = new JsonObject { ["sub"] = "account-1", ["email"] = "alice@example.com" };

        await host.ConnectAsync();

        (await AccountAsync(host)).ShouldBe("alice@example.com");
    }

    [Fact]
    public async Task The_userinfo_endpoint_is_asked_where_there_is_no_id_token()
    {
        await using var host = await ConsentHost.StartAsync(null, AsksForOpenId);
        host.ThirdParty.Behaviour.UserInfo = new JsonObject { ["name"] = "Alice" };

        await host.ConnectAsync();

        (await AccountAsync(host)).ShouldBe("Alice");
    }

    [Theory]
    [InlineData("account-2")]
    [InlineData(null)]
    public async Task Userinfo_about_another_person_names_nobody(string? subject)
    {
        await using var host = await ConsentHost.StartAsync(null, AsksForOpenId);
        host.ThirdParty.Behaviour.Claims = [];
        host.ThirdParty.Behaviour.UserInfo = new JsonObject { ["sub"] = subject, ["name"] = "Mallory" };

        await host.ConnectAsync();

        (await AccountAsync(host)).ShouldBeNull();
        (await host.CanCallAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Without_openid_nobody_is_asked_and_nothing_is_read()
    {
        await using var host = await ConsentHost.StartAsync();
        host.ThirdParty.Behaviour.Claims = new JsonObject { ["name"] = "Alice" };
        host.ThirdParty.Behaviour.UserInfo = new JsonObject { ["name"] = "Alice" };

        await host.ConnectAsync();

        (await AccountAsync(host)).ShouldBeNull();
        host.ThirdParty.RequestsOf("/userinfo").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("login", """{"login":"octocat","name":"The Cat"}""", "octocat")]
    [InlineData("", """{"login":"octocat","name":"The Cat"}""", "The Cat")]
    [InlineData("login", """{"name":"The Cat"}""", null)]
    [InlineData("login", """{"login":7}""", null)]
    [InlineData("login", """not json""", null)]
    public async Task A_provider_without_openid_is_asked_at_the_address_in_the_settings(
        string member,
        string answer,
        string? expected
    )
    {
        await using var host = await ConsentHost.StartAsync(
            (server, _) =>
                [(Settings + "AccountEndpoint", server.BaseUrl + "/user"), (Settings + "AccountMember", member)]
        );
        host.ThirdParty.Behaviour.Override = async (context, request) =>
        {
            if (request.Path != "/user")
            {
                return false;
            }

            host.ThirdParty.Grants.IsGood(request.Headers["Authorization"]["Bearer ".Length..]).ShouldBeTrue();
            request.Headers.Keys.ShouldContain("User-Agent");
            await context.Response.WriteAsync(answer);
            return true;
        };

        await host.ConnectAsync();

        (await AccountAsync(host)).ShouldBe(expected);
        (await host.CanCallAsync()).ShouldBeTrue();
    }

    [Theory]
    [InlineData(StatusCodes.Status500InternalServerError)]
    [InlineData(StatusCodes.Status302Found)]
    [InlineData(StatusCodes.Status403Forbidden)]
    public async Task An_address_that_does_not_answer_costs_the_name_only(int status)
    {
        await using var host = await ConsentHost.StartAsync(
            (server, _) => [(Settings + "AccountEndpoint", server.BaseUrl + "/user")]
        );
        host.ThirdParty.Behaviour.Override = async (context, request) =>
        {
            if (request.Path != "/user")
            {
                return false;
            }

            context.Response.StatusCode = status;
            await context.Response.WriteAsync("""{"name":"error page"}""");
            return true;
        };

        await host.ConnectAsync();

        (await AccountAsync(host)).ShouldBeNull();
        (await host.CanCallAsync()).ShouldBeTrue();
    }

    private static async Task<string?> AccountAsync(ConsentHost host, string subject = "user-1")
    {
        var (_, body, _) = await host.ApiAsync(HttpMethod.Get, token: host.Token(subject));
        return JsonDocument
            .Parse(body)
            .RootElement.GetProperty("connections")
            .EnumerateArray()
            .Single(static connection => connection.GetProperty("target").GetString() == "notes")
            .GetProperty("account")
            .GetString();
    }

    private static ActivityListener Listen(ConcurrentQueue<string> seen)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) =>
                ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                seen.Enqueue(activity.DisplayName);
                foreach (var (name, value) in activity.TagObjects)
                {
                    seen.Enqueue($"{name}={value}");
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
