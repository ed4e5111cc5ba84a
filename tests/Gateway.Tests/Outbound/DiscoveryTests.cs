using System.Diagnostics;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Outbound.Discovery;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Credentials;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Tests.Hosting;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>How the gateway finds the authorization server of a target: where it looks, what it takes, and for how long.</summary>
public sealed class DiscoveryTests : FakeWebTests
{
    private const string Url = "https://notes.example/mcp";
    private const string Origin = "https://notes.example";
    private const string Issuer = "https://id.example/realms/partner";
    private const string IssuerMetadata = "https://id.example/.well-known/oauth-authorization-server/realms/partner";
    private const string ResourceMetadata = Origin + "/.well-known/oauth-protected-resource/mcp";

    private KnownAuthorizationServers _known = null!;
    private TargetDiscovery _discovery = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _known = new KnownAuthorizationServers(Replica.Records);
        _discovery = DiscoveryWith(_known);
        Protect();
    }

    [Fact]
    public async Task A_target_is_asked_without_a_token_for_what_needs_one()
    {
        (await _discovery.FindAsync(Notes(), Cancel)).Value.ShouldNotBeNull();

        var (message, body) = Web.Requests[0];
        message.Method.ShouldBe(HttpMethod.Post);
        message.RequestUri.ShouldBe(new Uri(Url));
        message.Headers.Authorization.ShouldBeNull();
        message.Headers.Accept.ToString().ShouldBe("application/json, text/event-stream");
        message.Headers.GetValues("MCP-Protocol-Version").ShouldBe(["2026-07-28"]);
        message.Headers.GetValues("Mcp-Method").ShouldBe(["tools/list"]);
        message.Content!.Headers.ContentType!.MediaType.ShouldBe("application/json");
        JsonNode.Parse(body)!["method"]!.GetValue<string>().ShouldBe("tools/list");
    }

    [Theory]
    [InlineData("/mcp", "Bearer resource_metadata=\"https://notes.example/named\"", "/named")]
    [InlineData("/mcp", "Bearer", "/.well-known/oauth-protected-resource/mcp /.well-known/oauth-protected-resource")]
    [InlineData("/mcp/", null, "/.well-known/oauth-protected-resource/mcp /.well-known/oauth-protected-resource")]
    [InlineData(
        "/mcp",
        "Bearer resource_metadata=\"/named\"",
        "/.well-known/oauth-protected-resource/mcp /.well-known/oauth-protected-resource"
    )]
    [InlineData("/", null, "/.well-known/oauth-protected-resource")]
    public async Task Its_metadata_is_where_its_challenge_says_else_below_its_path_or_at_the_root_else_it_is_its_own_server(
        string path,
        string? challenge,
        string places
    )
    {
        Web.Forget(ResourceMetadata);
        Web.Answer(Origin + path, "", 401, challenge is null ? [] : [("WWW-Authenticate", challenge)]);

        var found = await _discovery.FindAsync(Notes(Origin + path), Cancel);

        found.Problem!.Reason.ShouldBe(ErrorCodes.NoResourceMetadata);
        Web.Read.ShouldBe([
            .. places.Split(' ').Select(static place => Origin + place),
            Origin + "/.well-known/oauth-authorization-server",
            Origin + "/.well-known/openid-configuration",
        ]);
    }

    [Fact]
    public async Task A_target_without_metadata_may_be_its_own_authorization_server_if_it_speaks_for_itself()
    {
        Web.Forget(ResourceMetadata);
        Web.Answer(Origin + "/.well-known/openid-configuration", Server(Origin));

        var found = (await _discovery.FindAsync(Notes(), Cancel)).Value.ShouldNotBeNull();

        found.Issuer.ShouldBe(Origin);
        found.Resource.ShouldBe(Url);
        Web.Answer(Origin + "/.well-known/openid-configuration", Server(Issuer));
        (await _discovery.LookAgainAsync(Notes(), Cancel)).Problem!.Reason.ShouldBe(ErrorCodes.IssuerMismatch);
    }

    [Fact]
    public async Task The_resource_that_its_administrator_names_is_asked_for_instead_of_its_own_name()
    {
        var settings = new AuthorizationCodeOptions { Resource = "https://notes.example/api" };

        var found = (await _discovery.FindAsync(Notes(settings: settings), Cancel)).Value.ShouldNotBeNull();

        found.Resource.ShouldBe("https://notes.example/api");
    }

    [Fact]
    public async Task What_was_found_is_known_for_five_minutes_unless_somebody_doubts_it()
    {
        var target = Notes();
        await _discovery.FindAsync(target, Cancel);
        var asked = Web.Requests.Count;
        Time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        await _discovery.FindAsync(target, Cancel);
        Web.Requests.Count.ShouldBe(asked);

        Time.Advance(TimeSpan.FromTicks(1));
        (await _discovery.FindAsync(target, Cancel)).Value!.Issuer.ShouldBe(Issuer);
        Web.Requests.Count.ShouldBe(2 * asked);

        await _discovery.LookAgainAsync(target, Cancel);
        Web.Requests.Count.ShouldBe(3 * asked);
        await _discovery.FindAsync(target, Cancel);
        Web.Requests.Count.ShouldBe(3 * asked);
    }

    [Fact]
    public async Task Another_server_than_before_is_not_taken_and_the_former_neither_until_an_administrator_says_so()
    {
        var target = Notes();
        await _discovery.FindAsync(target, Cancel);
        Web.Answer(Origin + "/.well-known/oauth-authorization-server", Server(Origin));
        Web.Answer(ResourceMetadata, Resource(Origin));

        (await _discovery.LookAgainAsync(target, Cancel)).Problem!.Reason.ShouldBe(
            ErrorCodes.AuthorizationServerChanged
        );
        (await _discovery.FindAsync(target, Cancel)).Value.ShouldBeNull();

        (await _known.ForgetAsync(target, Cancel)).ShouldBeTrue();
        (await _discovery.FindAsync(target, Cancel)).Value!.Issuer.ShouldBe(Origin);
    }

    [Fact]
    public async Task What_the_settings_name_needs_no_confirmation()
    {
        await _discovery.FindAsync(Notes(), Cancel);

        (await _known.ConfirmAsync(Notes(), "https://other.example", Cancel)).ShouldBeFalse();
        (await _known.ConfirmAsync(Notes(), Issuer, Cancel)).ShouldBeTrue();
        foreach (
            var settings in new AuthorizationCodeOptions[]
            {
                new() { Issuer = "https://other.example" },
                new() { TokenEndpoint = "https://other.example/token" },
            }
        )
        {
            (await _known.ConfirmAsync(Notes(settings: settings), "https://other.example", Cancel)).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("", "", "", "https://git.example", Url)]
    [InlineData(
        "https://issuer.example/x",
        "https://git.example/revoke",
        "urn:notes",
        "https://issuer.example/x",
        "urn:notes"
    )]
    public async Task With_its_endpoints_in_the_settings_nobody_is_asked(
        string issuer,
        string revocation,
        string resource,
        string expectedIssuer,
        string expectedResource
    )
    {
        var settings = new AuthorizationCodeOptions
        {
            Issuer = issuer,
            AuthorizationEndpoint = "https://git.example/authorize",
            TokenEndpoint = "https://git.example/a/token",
            RevocationEndpoint = revocation,
            Resource = resource,
        };

        var found = (await _discovery.FindAsync(Notes(settings: settings), Cancel)).Value.ShouldNotBeNull();

        found.Issuer.ShouldBe(expectedIssuer);
        found.Resource.ShouldBe(expectedResource);
        found.AuthorizationEndpoint.ShouldBe(new Uri("https://git.example/authorize"));
        found.TokenEndpoint.ShouldBe(new Uri("https://git.example/a/token"));
        (found.RevocationEndpoint?.AbsoluteUri ?? "").ShouldBe(revocation);
        Web.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true, "", Origin, "read")]
    [InlineData(true, "urn:notes", "urn:notes", "read")]
    [InlineData(false, "", Url, "all")]
    [InlineData(false, "urn:notes", "urn:notes", "all")]
    public async Task With_the_issuer_in_the_settings_the_target_says_what_to_ask_for_if_it_answers(
        bool answers,
        string resource,
        string expectedResource,
        string expectedScopes
    )
    {
        Web.Answer(IssuerMetadata, Server(Issuer, scopes: ["all"]));
        Web.Answer(ResourceMetadata, Resource("https://ignored.example", name: Origin, scopes: ["read"]));
        if (!answers)
        {
            Web.Answer(Url, static (_, _) => throw new HttpRequestException("refused"));
        }

        var target = Notes(settings: new AuthorizationCodeOptions { Issuer = Issuer, Resource = resource });
        var found = (await _discovery.FindAsync(target, Cancel)).Value.ShouldNotBeNull();

        found.Issuer.ShouldBe(Issuer);
        found.Resource.ShouldBe(expectedResource);
        found.SuggestedScopes!.ToString().ShouldBe(expectedScopes);
    }

    [Fact]
    public async Task An_issuer_in_the_settings_without_metadata_is_a_problem_and_the_target_is_not_asked()
    {
        Web.Forget(IssuerMetadata);

        var found = await _discovery.FindAsync(
            Notes(settings: new AuthorizationCodeOptions { Issuer = Issuer }),
            Cancel
        );

        found.Problem!.Reason.ShouldBe(ErrorCodes.NoMetadata);
        Web.Requests.ShouldAllBe(static request => request.Message.RequestUri!.Host == "id.example");
    }

    [Theory]
    [InlineData("", "a b", "a b")]
    [InlineData("Bearer scope=\"of the challenge\"", "a b", "of the challenge")]
    [InlineData("", "", null)]
    public async Task The_scopes_are_those_of_the_challenge_else_those_of_the_target_else_none(
        string challenge,
        string supported,
        string? expected
    )
    {
        Web.Answer(Url, "", 401, challenge.Length == 0 ? [] : [("WWW-Authenticate", challenge)]);
        Web.Answer(IssuerMetadata, Server(Issuer, scopes: ["not", "these"]));
        var metadata = Resource(Issuer, scopes: supported.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Web.Answer(ResourceMetadata, metadata);

        var found = (await _discovery.FindAsync(Notes(), Cancel)).Value.ShouldNotBeNull();

        found.SuggestedScopes?.ToString().ShouldBe(expected);
    }

    [Fact]
    public async Task The_first_server_that_is_on_the_web_is_taken_under_the_name_that_the_settings_give_the_target()
    {
        var metadata = Resource(Issuer);
        metadata["authorization_servers"] = new JsonArray("id.example", "ftp://id.example", Issuer, Origin);
        Web.Answer(ResourceMetadata, metadata);

        var target = Notes(settings: new AuthorizationCodeOptions { Resource = "urn:notes" });
        var found = (await _discovery.FindAsync(target, Cancel)).Value.ShouldNotBeNull();

        found.Issuer.ShouldBe(Issuer);
        found.Resource.ShouldBe("urn:notes");
    }

    [Theory]
    [InlineData(typeof(HttpRequestException), true)]
    [InlineData(typeof(IOException), true)]
    [InlineData(typeof(TaskCanceledException), true)]
    [InlineData(typeof(NotSupportedException), false)]
    public async Task A_target_that_does_not_answer_is_told_from_a_mistake(Type type, bool isTarget)
    {
        Web.Answer(Url, (_, _) => throw (Exception)Activator.CreateInstance(type)!);

        if (isTarget)
        {
            (await _discovery.FindAsync(Notes(), Cancel)).Problem!.Reason.ShouldBe(ErrorCodes.DiscoveryFailed);
            (await new ProtectedResources(Web.Documents).TryAskAsync(Notes(), Cancel)).ShouldBeNull();
        }
        else
        {
            (await Should.ThrowAsync<Exception>(_discovery.FindAsync(Notes(), Cancel))).ShouldBeOfType(type);
        }
    }

    [Fact]
    public async Task Whoever_leaves_hears_nothing()
    {
        using var leaves = new CancellationTokenSource();
        Web.Answer(
            Url,
            async (_, cancel) =>
            {
                await leaves.CancelAsync();
                throw new TaskCanceledException(null, null, cancel);
            }
        );

        await Should.ThrowAsync<OperationCanceledException>(_discovery.FindAsync(Notes(), leaves.Token));
        await Should.ThrowAsync<OperationCanceledException>(
            new ProtectedResources(Web.Documents).TryAskAsync(Notes(), leaves.Token)
        );
    }

    [Fact]
    public async Task The_search_is_a_span_with_the_reason_where_it_found_nothing()
    {
        using var spans = new RecordedSpans();
        Web.Answer("https://traced.example/mcp", static (_, _) => throw new HttpRequestException("refused"));
        await _discovery.FindAsync(Notes("https://traced.example/mcp", name: "traced"), Cancel);
        await _discovery.FindAsync(Notes(name: "found"), Cancel);

        var lost = spans.All.Single(static span => (string?)span.GetTagItem(Tags.Target) == "traced");
        lost.OperationName.ShouldBe(Spans.Discover);
        lost.Kind.ShouldBe(ActivityKind.Client);
        lost.GetTagItem(Tags.Reason).ShouldBe(ErrorCodes.DiscoveryFailed);
        lost.Status.ShouldBe(ActivityStatusCode.Error);
        spans
            .All.Single(static span => (string?)span.GetTagItem(Tags.Target) == "found")
            .Status.ShouldBe(ActivityStatusCode.Unset);
    }

    private void Protect()
    {
        Web.Answer(Url, "", 401);
        Web.Answer(ResourceMetadata, Resource(Issuer));
        Web.Answer(IssuerMetadata, Server(Issuer));
    }

    private static Target Notes(string url = Url, AuthorizationCodeOptions? settings = null, string name = "notes")
    {
        TargetName.TryParse(name, out var parsed).ShouldBeTrue();
        return new Target(parsed, new Uri(url), CredentialKinds.AuthorizationCode, TimeSpan.FromMinutes(1))
        {
            AuthorizationCode = settings ?? new AuthorizationCodeOptions(),
        };
    }

    private static JsonObject Resource(string issuer, string name = Url, params string[] scopes) =>
        new()
        {
            ["resource"] = name,
            ["authorization_servers"] = new JsonArray(issuer),
            ["scopes_supported"] = new JsonArray([.. scopes.Select(static scope => (JsonNode)scope)]),
        };

    private static JsonObject Server(string issuer, params string[] scopes) =>
        new()
        {
            ["issuer"] = issuer,
            ["authorization_endpoint"] = issuer + "/authorize",
            ["token_endpoint"] = issuer + "/token",
            ["code_challenge_methods_supported"] = new JsonArray("S256"),
            ["scopes_supported"] = new JsonArray([.. scopes.Select(static scope => (JsonNode)scope)]),
        };
}
