using System.Net;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Vault;
using AspireGateway.Gateway.Vault.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>Tokens of third parties are renewed once for everybody, and a grant is given up only when its provider says so.</summary>
public sealed class RefreshTests
{
    private static readonly string[] Offline = ["Gateway:Outbound:RefreshAhead", "00:00:00"];

    [Fact]
    public async Task An_expired_token_is_refreshed_once_for_many_calls()
    {
        var (host, time) = await StartConnectedAsync();
        await using var _ = host;
        time.Advance(TimeSpan.FromMinutes(6));

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => host.CallAsync(token: Fresh(host))));

        answers.ShouldAllBe(static answer => answer.Text.Contains("\"complete\""));
        host.ThirdParty.TokenRequests("refresh_token").Count.ShouldBe(1);
        host.ThirdParty.Grants.Reuses.ShouldBe(0);
    }

    [Fact]
    public async Task A_token_that_is_about_to_expire_is_renewed_behind_the_call_that_still_uses_it()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await ConsentHost.StartAsync(time);
        await host.ConnectAsync();
        time.Advance(TimeSpan.FromSeconds(250));

        (await host.CallAsync(token: Fresh(host))).Text.ShouldContain("\"complete\"");

        await Eventually.HoldsAsync(() => host.ThirdParty.TokenRequests("refresh_token").Count == 1);
    }

    [Fact]
    public async Task A_caller_who_leaves_does_not_end_the_refresh_for_the_others()
    {
        var (host, time) = await StartConnectedAsync();
        await using var _ = host;
        time.Advance(TimeSpan.FromMinutes(6));
        var arrived = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        host.ThirdParty.Behaviour.Override = async (_, request) =>
        {
            if (request.Path == "/token")
            {
                arrived.TrySetResult();
                await go.Task;
            }

            return false;
        };

        using var leaves = new CancellationTokenSource();
        var first = host.Client.SendAsync(Modern.Call("/mcp", "notes___echo", "{}", Fresh(host)), leaves.Token);
        await arrived.Task.SoonAsync();
        var second = host.CallAsync(token: Fresh(host));
        await leaves.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        go.SetResult();

        (await second).Text.ShouldContain("\"complete\"");
        host.ThirdParty.TokenRequests("refresh_token").Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_grant_that_its_provider_has_ended_leads_to_a_new_question()
    {
        var (host, time) = await StartConnectedAsync();
        await using var _ = host;
        host.ThirdParty.Grants.EndAll();
        time.Advance(TimeSpan.FromMinutes(6));

        var answer = await host.CallAsync(token: Fresh(host));

        answer.Result.GetProperty("resultType").GetString().ShouldBe("input_required");
    }

    [Theory]
    [InlineData(503, "{}")]
    [InlineData(500, """{"error":"invalid_grant"}""")]
    [InlineData(429, """{"error":"invalid_grant"}""")]
    [InlineData(408, "")]
    [InlineData(401, """{"error":"invalid_client"}""")]
    [InlineData(200, "not json")]
    [InlineData(200, """{"access_token":"x","token_type":"mac"}""")]
    public async Task A_provider_in_trouble_keeps_the_grant_and_is_left_alone_for_a_while(int status, string body)
    {
        var (host, time) = await StartConnectedAsync();
        await using var _ = host;
        time.Advance(TimeSpan.FromMinutes(6));
        host.ThirdParty.Behaviour.Override = async (context, request) =>
        {
            if (request.Path != "/token")
            {
                return false;
            }

            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(body);
            return true;
        };

        var first = await host.CallAsync(token: Fresh(host));
        var second = await host.CallAsync(token: Fresh(host));
        first.Result.GetProperty("isError").GetBoolean().ShouldBeTrue();
        first.Text.ShouldContain("Your consent is kept");
        second.Result.GetProperty("isError").GetBoolean().ShouldBeTrue();
        host.ThirdParty.TokenRequests("refresh_token").Count.ShouldBe(1);

        host.ThirdParty.Behaviour.Override = null;
        time.Advance(TimeSpan.FromMinutes(1));
        (await host.CallAsync(token: Fresh(host))).Text.ShouldContain("\"complete\"");
    }

    [Theory]
    [InlineData(30, 30)]
    [InlineData(1_000_000, 3600)]
    public async Task A_provider_says_how_long_it_is_left_alone_up_to_an_hour(int asked, int seconds)
    {
        var (host, time) = await StartConnectedAsync();
        await using var _ = host;
        time.Advance(TimeSpan.FromMinutes(6));
        host.ThirdParty.Behaviour.Override = (context, request) =>
        {
            if (request.Path != "/token")
            {
                return Task.FromResult(false);
            }

            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = $"{asked}";
            return Task.FromResult(true);
        };
        await host.CallAsync(token: Fresh(host));
        host.ThirdParty.Behaviour.Override = null;

        time.Advance(TimeSpan.FromSeconds(seconds - 1));
        (await host.CallAsync(token: Fresh(host))).Text.ShouldContain("Your consent is kept");
        host.ThirdParty.TokenRequests("refresh_token").Count.ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(1));
        (await host.CallAsync(token: Fresh(host))).Text.ShouldContain("\"complete\"");
    }

    [Fact]
    public async Task While_the_vault_cannot_be_written_no_refresh_token_is_used_up()
    {
        var (host, time) = await StartConnectedAsync();
        await using var _ = host;
        time.Advance(TimeSpan.FromMinutes(6));
        await using var context = host.Gateway.Services.GetRequiredService<VaultDatabase>().CreateContext();
        await context.Database.ExecuteSqlAsync(
            $"CREATE TRIGGER full BEFORE UPDATE ON grants BEGIN SELECT RAISE(ABORT, 'disk full'); END",
            TestContext.Current.CancellationToken
        );

        var refused = await host.CallAsync(token: Fresh(host));

        refused.Result.GetProperty("isError").GetBoolean().ShouldBeTrue();
        host.ThirdParty.TokenRequests("refresh_token").ShouldBeEmpty();
        await context.Database.ExecuteSqlAsync($"DROP TRIGGER full", TestContext.Current.CancellationToken);
        (await host.CallAsync(token: Fresh(host))).Text.ShouldContain("\"complete\"");
        host.ThirdParty.TokenRequests("refresh_token").Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_response_without_refresh_token_keeps_the_old_one()
    {
        var (host, time) = await StartConnectedAsync();
        await using var _ = host;
        string? kept = null;
        host.ThirdParty.Behaviour.Override = async (context, request) =>
        {
            if (request.Path != "/token")
            {
                return false;
            }

            var token = TestKit.ThirdParty.FakeAuthorizationServer.Form(request)["refresh_token"];
            (kept ?? token).ShouldBe(token);
            kept = token;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(
                """{"access_token":"bad-at-target","token_type":"bearer","expires_in":300}"""
            );
            return true;
        };

        for (var round = 0; round < 2; round++)
        {
            time.Advance(TimeSpan.FromMinutes(6));
            await host.CallAsync(token: Fresh(host));
        }

        kept.ShouldNotBeNull();
        host.ThirdParty.TokenRequests("refresh_token").Count.ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task A_token_that_the_target_refuses_is_refreshed_once_and_the_call_succeeds()
    {
        var (host, time) = await StartConnectedAsync();
        await using var _ = host;
        time.Advance(TimeSpan.FromMinutes(2));
        host.ThirdParty.Grants.ForgetAccessTokens();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => host.CallAsync(token: Fresh(host))));

        answers.ShouldAllBe(static answer => answer.Text.Contains("\"complete\""));
        host.ThirdParty.TokenRequests("refresh_token").Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_target_that_refuses_every_token_does_not_make_the_provider_work_for_ever()
    {
        var (host, time) = await StartConnectedAsync();
        await using var _ = host;
        time.Advance(TimeSpan.FromMinutes(2));
        host.Protection.RefusesEverything = true;

        await host.CallAsync(token: Fresh(host));
        await host.CallAsync(token: Fresh(host));

        host.ThirdParty.TokenRequests("refresh_token").Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_tool_that_needs_more_scope_leads_to_one_question_for_all_scopes()
    {
        var (host, _) = await StartConnectedAsync();
        await using var _1 = host;
        host.Protection.ToolScopes["echo"] = "notes:admin";

        var (link, _) = await host.AskAsync();
        await ConsentHost.ConsentAsync(host.Browser(), link);

        var authorize = WebUtility.UrlDecode(host.ThirdParty.RequestsOf("/authorize")[^1].Path);
        authorize.ShouldContain("notes:read notes:admin");
        (await host.CallAsync()).Text.ShouldContain("\"complete\"");
    }

    [Fact]
    public async Task A_scope_that_the_third_party_does_not_give_is_not_asked_for_at_every_call()
    {
        var (host, _) = await StartConnectedAsync();
        await using var _1 = host;
        host.Protection.ToolScopes["echo"] = "notes:admin";
        host.ThirdParty.Behaviour.Withholds = "notes:admin";
        var (link, _) = await host.AskAsync();
        await ConsentHost.ConsentAsync(host.Browser(), link);

        var answer = await host.CallAsync();

        answer.Result.GetProperty("isError").GetBoolean().ShouldBeTrue();
        answer.Text.ShouldContain("not given to your account");
    }

    [Fact]
    public async Task A_grant_that_the_target_refuses_even_after_a_refresh_is_not_merely_allowed_again()
    {
        var (host, time) = await StartConnectedAsync();
        await using var _ = host;
        time.Advance(TimeSpan.FromMinutes(2));
        host.Protection.RefusesEverything = true;

        var (link, _) = await host.AskAsync();
        var page = await host.Browser().OpenAsync(link, cancellationToken: TestContext.Current.CancellationToken);

        page.Text.ShouldContain("You will sign in at");
    }

    [Fact]
    public async Task Tokens_that_arrive_after_the_person_has_disconnected_are_revoked()
    {
        var (host, time) = await StartConnectedAsync();
        await using var _ = host;
        time.Advance(TimeSpan.FromMinutes(6));
        var vault = host.Gateway.Services.GetRequiredService<IGrantVault>();
        host.ThirdParty.Behaviour.Override = async (_, request) =>
        {
            if (request.Path == "/token")
            {
                TargetName.TryParse("notes", out var notes).ShouldBeTrue();
                await vault.RemoveAsync(new UserId("corp", "user-1"), notes, CancellationToken.None);
            }

            return false;
        };

        var answer = await host.CallAsync(token: Fresh(host));

        answer.Result.GetProperty("resultType").GetString().ShouldBe("input_required");
        host.ThirdParty.RequestsOf("/revoke").Count.ShouldBe(2);
    }

    private static async Task<(ConsentHost Host, FakeTimeProvider Time)> StartConnectedAsync()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var host = await ConsentHost.StartAsync(time, (Offline[0], Offline[1]));
        await host.ConnectAsync();
        return (host, time);
    }

    // Tokens of agents expire too.
    private static string Fresh(ConsentHost host) => host.Token();
}
