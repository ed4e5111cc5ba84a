using AspireGateway.TestClient.Tests.Fakes;
using AspireGateway.TestKit;

namespace AspireGateway.TestClient.Tests.Flow;

/// <summary>Flow B by the scripted browser: a call that needs a consent at a third party, in both protocol eras.</summary>
public sealed class ConsentTests : IAsyncLifetime
{
    private static readonly string[] AsAlice = [.. TestRun.AsAlice, "--third-party-user", FakeThirdParty.User];

    private static readonly Dictionary<string, string> Passwords = new(StringComparer.Ordinal)
    {
        ["TESTCLIENT_PASSWORD"] = FakeBehaviour.Password,
        ["TESTCLIENT_THIRD_PARTY_PASSWORD"] = FakeThirdParty.Password,
    };

    private FakeThirdParty _thirdParty = null!;

    public static TheoryData<string> Eras => ["2025-11-25", "2026-07-28"];

    public async ValueTask InitializeAsync() => _thirdParty = await FakeThirdParty.StartNewAsync();

    public async ValueTask DisposeAsync() => await _thirdParty.DisposeAsync();

    [Theory, MemberData(nameof(Eras))]
    public async Task A_call_asks_once_and_the_next_call_does_not(string revision)
    {
        await using var server = await StartAsync();

        var run = await TestRun.OfAsync(
            [
                "call",
                server.Mcp.AbsoluteUri,
                "add",
                "--arg",
                "left=2",
                "--then",
                FakeTools.Consented,
                "--then",
                FakeTools.Consented,
                "--protocol-version",
                revision,
                .. AsAlice,
            ],
            Passwords
        );

        run.ExitCode.ShouldBe(0, run.Everything);
        string[] signIn = ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "A10", "A11"];
        string[] consent = ["A10", "B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9", "B10"];
        run.Steps.ShouldBe([.. signIn, .. consent, "A10", "A11"]);
        run.Lines[^1]
            .ShouldMatch(
                $@"^✔ signed in as alice, 5 tools listed, add, {FakeTools.Consented} and {FakeTools.Consented} called, 1 consent given \(\d+\.\d s\)$"
            );
        run.Output.ShouldContain(
            "You: alice · Agent: testclient · Target: notes · Scopes: notes:read notes:write · Also: a b"
        );
        server.Consents.Asked.ShouldBe(1);
    }

    [Fact]
    public async Task The_newest_revision_repeats_the_request_with_the_state_and_the_answer()
    {
        await using var server = await StartAsync();

        await CallAsync(server, "2026-07-28");

        var repeated = server.To("/mcp")[^1].Body;
        repeated.ShouldContain("\"requestState\":\"sealed-request-state\"");
        repeated.ShouldContain("\"inputResponses\":{\"consent\":{\"action\":\"accept\"");
    }

    [Fact]
    public async Task Each_password_goes_to_the_one_server_that_it_belongs_to()
    {
        await using var server = await StartAsync();

        var run = await CallAsync(server);

        run.ExitCode.ShouldBe(0, run.Everything);
        server.Requests.ShouldNotContain(static seen => seen.Form.Values.Any(v => v == FakeThirdParty.Password));
        _thirdParty.Requests.ShouldNotContain(static seen =>
            seen.Text.Contains(Uri.EscapeDataString(FakeBehaviour.Password).Replace("%20", "+"))
        );
        _thirdParty.Requests.Count(static seen => seen.Path == "/login").ShouldBe(1);
    }

    [Fact]
    public async Task Links_codes_states_and_passwords_are_not_printed()
    {
        await using var server = await StartAsync();

        var text = await CallAsync(server);

        text.ExitCode.ShouldBe(0, text.Everything);
        foreach (
            var secret in server
                .Consents.Secrets.Append(FakeThirdParty.Password)
                .Append(FakeThirdParty.Code)
                .Concat(server.Authorization.Secrets)
        )
        {
            text.Everything.ShouldNotContain(secret);
        }
    }

    [Fact]
    public async Task Who_is_signed_in_at_the_identity_provider_is_not_asked_again()
    {
        await using var server = await StartAsync(new() { SingleSignOn = true });

        var run = await CallAsync(server);

        run.ExitCode.ShouldBe(0, run.Everything);
        server.To("/as/login").ShouldBeEmpty();
        run.Steps.ShouldContain("B4");
    }

    [Fact]
    public async Task Where_there_is_a_grant_already_only_the_agent_is_allowed()
    {
        await using var server = await StartAsync(new() { KnowsGrant = true });

        var run = await CallAsync(server);

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Steps.SkipWhile(static step => step is not "B1")
            .ShouldBe(["B1", "B2", "B3", "B4", "B5", "B6", "B8", "B9", "B10"]);
        _thirdParty.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_that_sends_the_browser_on_is_followed_like_a_redirect()
    {
        await using var server = await StartAsync(new() { RefreshesInsteadOfRedirects = true });

        var run = await CallAsync(server);

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Steps.ShouldContain("B8");
    }

    [Theory, MemberData(nameof(Eras))]
    public async Task A_refused_consent_is_told_and_the_call_is_not_repeated(string revision)
    {
        await using var strict = await FakeThirdParty.StartNewAsync(consentDenied: true);
        await using var server = await FakeServer.StartAsync(new() { ThirdParty = strict.BaseUrl });

        var run = await CallAsync(server, revision);

        run.ExitCode.ShouldBe(1);
        run.Lines[^2].ShouldBe("✘ The consent at the third party was refused.");
        run.Lines[^1].ShouldContain("allow the access there");
        run.Steps.ShouldNotContain("B9");
    }

    [Fact]
    public async Task A_link_that_is_over_is_told()
    {
        await using var server = await StartAsync(new() { LinksExpired = true });

        var run = await CallAsync(server);

        run.ExitCode.ShouldBe(1);
        run.Lines[^2].ShouldBe("✘ The link for the consent is not valid any more: 'This link is not valid any more'.");
        run.Lines[^1].ShouldContain("Run it again");
    }

    [Fact]
    public async Task A_third_party_that_does_not_run_is_named()
    {
        using var nobody = new BoundSocket();
        var origin = nobody.Url.GetLeftPart(UriPartial.Authority);
        await using var server = await FakeServer.StartAsync(new() { ThirdParty = origin });

        var run = await CallAsync(server);

        run.ExitCode.ShouldBe(1);
        run.Lines[^2].ShouldContain($"{origin} does not answer");
        run.Lines[^1].ShouldContain("configuration of the target");
    }

    [Fact]
    public async Task Another_user_in_the_browser_is_told_and_nothing_goes_to_the_third_party()
    {
        await using var server = await StartAsync(new() { TakesUserForAnother = true });

        var run = await CallAsync(server);

        run.ExitCode.ShouldBe(1);
        run.Lines[^2]
            .ShouldBe("✘ The gateway does not let this browser go on: 'This link was made for somebody else'.");
        run.Lines[^1].ShouldContain("Sign in as that user");
        _thirdParty.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wrong_password_at_the_third_party_is_tried_once()
    {
        await using var server = await StartAsync();

        var run = await TestRun.OfAsync(
            ["call", server.Mcp.AbsoluteUri, FakeTools.Consented, .. AsAlice],
            new Dictionary<string, string>(Passwords, StringComparer.Ordinal)
            {
                ["TESTCLIENT_THIRD_PARTY_PASSWORD"] = "a guess",
            }
        );

        run.ExitCode.ShouldBe(1);
        run.Lines[^2].ShouldContain($"{_thirdParty.BaseUrl} did not accept the password of 'alice.p'. It says: Wrong");
        run.Lines[^1].ShouldContain("TESTCLIENT_THIRD_PARTY_PASSWORD");
        _thirdParty.Requests.Count(static seen => seen.Path == "/login").ShouldBe(1);
    }

    [Theory, MemberData(nameof(Eras))]
    public async Task A_gateway_that_asks_forever_is_told_so(string revision)
    {
        await using var server = await StartAsync(new() { ForgetsConsents = true });

        var run = await CallAsync(server, revision);

        run.ExitCode.ShouldBe(1);
        run.Lines[^2].ShouldBe("✘ The gateway asks for the consent again, though it was given.");
        server.Consents.Asked.ShouldBe(3);
    }

    [Theory, MemberData(nameof(Eras))]
    public async Task Only_the_servers_own_page_is_opened(string revision)
    {
        await using var server = await StartAsync(new() { ForeignConnectPage = _thirdParty.BaseUrl + "/authorize" });

        var run = await CallAsync(server, revision);

        run.ExitCode.ShouldBe(1);
        run.Lines[^2].ShouldContain($"asks to open {_thirdParty.BaseUrl}, which is not its own page");
        _thirdParty.Requests.ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Eras))]
    public async Task Without_the_capability_the_servers_error_is_shown_and_no_page_is_opened(string revision)
    {
        await using var server = await StartAsync(new() { Sessions = true });

        var run = await CallAsync(server, revision, "--no-elicitation");

        run.ExitCode.ShouldBe(1);
        run.Lines[^2].ShouldContain("Your client cannot ask you for the consent.");
        run.Lines[^1].ShouldContain("--no-elicitation");
        server.Consents.Asked.ShouldBe(0);
    }

    [Theory, MemberData(nameof(Eras))]
    public async Task The_capability_is_declared_in_both_eras(string revision)
    {
        await using var server = await StartAsync(new() { Sessions = true });

        var run = await CallAsync(server, revision);

        run.ExitCode.ShouldBe(0, run.Everything);
        server.Consents.Asked.ShouldBe(1);
        server.Requests.ShouldContain(static seen => seen.Body.Contains("\"elicitation\":{\"url\":{}}"));
    }

    private static Task<TestRun> CallAsync(FakeServer server, string revision = "2026-07-28", params string[] more) =>
        TestRun.OfAsync(
            ["call", server.Mcp.AbsoluteUri, FakeTools.Consented, "--protocol-version", revision, .. AsAlice, .. more],
            Passwords
        );

    private Task<FakeServer> StartAsync(FakeBehaviour? behaviour = null) =>
        FakeServer.StartAsync((behaviour ?? new()) with { ThirdParty = _thirdParty.BaseUrl });
}
