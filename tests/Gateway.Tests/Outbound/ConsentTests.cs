using System.Net;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>Flow B: a person is asked once, and from then on the gateway acts for that person and for nobody else.</summary>
public sealed class ConsentTests
{
    [Theory]
    [InlineData("/mcp", "notes___echo")]
    [InlineData("/mcp/notes", "echo")]
    public async Task A_person_is_asked_once_and_the_repeated_call_succeeds(string path, string tool)
    {
        await using var host = await ConsentHost.StartAsync();

        var question = await host.CallAsync(tool, path: path);
        question.Result.GetProperty("resultType").GetString().ShouldBe("input_required");
        host.Protection.TokensOfCalls.ShouldBeEmpty();
        var state = question.Result.GetProperty("requestState").GetString()!;
        var link = new Uri(
            question
                .Result.GetProperty("inputRequests")
                .GetProperty("gateway_consent")
                .GetProperty("params")
                .GetProperty("url")
                .GetString()!
        );

        var done = await ConsentHost.ConsentAsync(host.Browser(), link);
        done.Text.ShouldContain("notes is connected");
        var answer = await host.CallAsync(tool, path: path, change: Modern.Answering(state));
        answer.Result.GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("""{"text":"hi"}""");

        var again = await host.CallAsync(tool, path: path);
        again.Result.GetProperty("resultType").GetString().ShouldBe("complete");
        host.Protection.TokensOfCalls.ShouldAllBe(token => host.ThirdParty.Grants.IsGood(token));
        host.Notes.Calls().ShouldAllBe(static request => !request.Text.Contains("requestState"));
    }

    [Fact]
    public async Task Another_person_who_opens_the_link_connects_nothing_and_can_switch_the_account()
    {
        await using var host = await ConsentHost.StartAsync();
        var (link, _) = await host.AskAsync();

        var page = await host.Browser("user-2")
            .OpenAsync(link, cancellationToken: TestContext.Current.CancellationToken);

        page.Status.ShouldBe(HttpStatusCode.Forbidden);
        page.Text.ShouldNotContain("user-1");
        page.FindForm("switch").ShouldNotBeNull();
        host.ThirdParty.Requests.Where(static r => r.Path.StartsWith("/token", StringComparison.Ordinal))
            .ShouldBeEmpty();
        host.Gateway.Audit().Count(static line => line.GetProperty("reason").GetString() == "wrong_user").ShouldBe(1);
    }

    [Fact]
    public async Task A_flow_that_another_browser_finishes_is_refused_before_its_code_is_used()
    {
        await using var host = await ConsentHost.StartAsync();
        var (link, _) = await host.AskAsync();
        var callback = new Uri("http://gateway.test/connect/callback/notes");
        var stopped = await ConsentHost.ConsentAsync(host.Browser(), link, callback);

        // The same person, but in another browser: what an attacker achieves who sends a person the end of a flow.
        var other = host.Browser();
        await other.OpenAsync((await host.AskAsync()).Url, cancellationToken: TestContext.Current.CancellationToken);
        var refused = await other.OpenAsync(
            stopped.Location!,
            cancellationToken: TestContext.Current.CancellationToken
        );

        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        host.ThirdParty.RequestsOf("/token").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_answer_works_once()
    {
        await using var host = await ConsentHost.StartAsync();
        var (link, _) = await host.AskAsync();
        var browser = host.Browser();
        var callback = new Uri("http://gateway.test/connect/callback/notes");
        var stopped = await ConsentHost.ConsentAsync(browser, link, callback);

        var first = await browser.GetAsync(stopped.Location!, TestContext.Current.CancellationToken);
        var second = await browser.GetAsync(stopped.Location!, TestContext.Current.CancellationToken);

        first.Status.ShouldBe(HttpStatusCode.OK);
        second.Status.ShouldBe(HttpStatusCode.BadRequest);
        host.ThirdParty.RequestsOf("/token").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Another_agent_of_the_same_person_asks_again_without_a_second_sign_in_at_the_third_party()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync();
        var other = host.Token(client: "other-agent");

        var (link, _) = await host.AskAsync(token: other);
        var authorizations = host.ThirdParty.RequestsOf("/authorize").Count;
        var page = await ConsentHost.ConsentAsync(host.Browser(), link);

        page.Text.ShouldContain("is connected");
        host.ThirdParty.RequestsOf("/authorize").Count.ShouldBe(authorizations);
        (await host.CallAsync(token: other)).Result.GetProperty("resultType").GetString().ShouldBe("complete");
    }

    [Fact]
    public async Task A_client_that_cannot_open_links_gets_words()
    {
        await using var host = await ConsentHost.StartAsync();

        var answer = await host.CallAsync(change: Modern.WithoutCapabilities);

        answer.Result.GetProperty("isError").GetBoolean().ShouldBeTrue();
        answer.Text.ShouldContain("/connections");
        answer.Text.ShouldNotContain("/connect/");
    }

    [Fact]
    public async Task Saying_no_at_the_third_party_shows_nothing_that_it_wrote()
    {
        await using var host = await ConsentHost.StartAsync();
        host.ThirdParty.Behaviour.Declines = true;
        var (link, _) = await host.AskAsync();

        var page = await ConsentHost.ConsentAsync(host.Browser(), link);

        page.Status.ShouldBe(HttpStatusCode.BadRequest);
        page.Body.ShouldNotContain("third party text");
        host.ThirdParty.RequestsOf("/token").ShouldBeEmpty();
    }
}
