using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AspireGateway.SampleMcpServer.Tests.Notes;

/// <summary>What the protected resource refuses, with which challenge, and the honest twins.</summary>
public sealed class ProtectionTests(NotesFixture server) : IClassFixture<NotesFixture>
{
    private const string List =
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_notes","arguments":{}}}""";

    public static TheoryData<string> BadTokens =>
        [
            "other audience",
            "several audiences, none of them this",
            "other issuer",
            "expired",
            "not yet valid",
            "no subject",
            "no expiry",
            "foreign key",
            "no signature",
            "other type",
        ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_token_the_challenge_names_metadata_and_scope_and_no_error()
    {
        using var response = await server.PostAsync(List, token: null, Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        Challenge(response).ShouldBe($"Bearer scope=\"notes:read\", resource_metadata=\"{NotesFixture.MetadataUrl}\"");
    }

    [Fact]
    public async Task An_honest_token_is_let_in()
    {
        using var response = await server.PostAsync(List, server.Token(), Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync(Cancel)).ShouldContain("\"count\":0");
    }

    [Theory, MemberData(nameof(BadTokens))]
    public async Task A_token_that_is_not_for_this_server_is_invalid(string mistake)
    {
        using var response = await server.PostAsync(List, Bad(mistake), Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        Challenge(response)
            .ShouldBe(
                $"Bearer error=\"invalid_token\", scope=\"notes:read\", resource_metadata=\"{NotesFixture.MetadataUrl}\""
            );
    }

    [Fact]
    public async Task A_clock_that_is_half_a_minute_off_is_forgiven()
    {
        var token = server.Token(change: static (_, payload) => payload["exp"] = Now - 20);

        using var response = await server.PostAsync(List, token, Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("list_notes", "notes:write notes:admin", "notes:read")]
    [InlineData("add_note", "notes:read notes:admin", "notes:read notes:write")]
    [InlineData("delete_note", "notes:read notes:write", "notes:read notes:admin")]
    [InlineData("no_such_tool", "openid", "notes:read")]
    public async Task A_scope_that_lacks_is_asked_for_together_with_all_that_the_call_needs(
        string tool,
        string granted,
        string needed
    )
    {
        using var response = await server.PostAsync(Call(tool), server.Token(granted), Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        Challenge(response)
            .ShouldBe(
                $"Bearer error=\"insufficient_scope\", scope=\"{needed}\", resource_metadata=\"{NotesFixture.MetadataUrl}\""
            );
    }

    [Fact]
    public async Task Scopes_matter_for_messages_that_call_nothing_too()
    {
        const string ListTools = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";

        using var refused = await server.PostAsync(ListTools, server.Token("openid"), Cancel);
        using var accepted = await server.PostAsync(ListTools, server.Token(), Cancel);

        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        accepted.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"Name":"delete_note","arguments":{"id":1}}}"""
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_notes","name":"delete_note","arguments":{"id":1}}}"""
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"METHOD":"tools/call","method":"ping","params":{"name":"delete_note","arguments":{"id":1}}}"""
    )]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete_note"}}]""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call"}""")]
    [InlineData("""{"jsonrpc":"2.0",""")]
    [InlineData("")]
    public async Task A_message_that_can_be_read_in_two_ways_or_in_none_is_turned_away(string body)
    {
        using var response = await server.PostAsync(body, server.Token(), Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_message_that_is_too_large_is_turned_away()
    {
        using var response = await server.PostAsync(Call(new string('x', 300_000)), server.Token(), Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task The_metadata_tells_where_tokens_come_from_without_asking_for_one()
    {
        using var response = await server.GetAsync("/.well-known/oauth-protected-resource/mcp", Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var metadata = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel)).RootElement;
        metadata.GetProperty("resource").GetString().ShouldBe(NotesFixture.Resource);
        metadata.GetProperty("authorization_servers")[0].GetString().ShouldBe(server.Issuer.BaseUrl);
        metadata
            .GetProperty("scopes_supported")
            .EnumerateArray()
            .Select(static scope => scope.GetString())
            .ShouldBe(["notes:read", "notes:write"]);
        metadata.GetProperty("bearer_methods_supported")[0].GetString().ShouldBe("header");
    }

    [Theory]
    [InlineData("/.well-known/oauth-protected-resource/other")]
    [InlineData("/.well-known/oauth-protected-resource")]
    public async Task There_is_no_metadata_of_anything_else(string path)
    {
        using var response = await server.GetAsync(path, Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_token_in_the_address_is_not_looked_at()
    {
        using var response = await server.GetAsync($"/mcp?access_token={server.Token()}", Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        Challenge(response).ShouldNotContain("invalid_token");
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private string Bad(string mistake) =>
        mistake switch
        {
            "other audience" => Changed(static p => p["aud"] = "http://localhost:5180/mcp"),
            "several audiences, none of them this" => Changed(static p =>
                p["aud"] = new JsonArray(NotesFixture.PublicUrl, NotesFixture.Resource + "/x")
            ),
            "other issuer" => Changed(p => p["iss"] = server.Issuer.BaseUrl + "/other"),
            "expired" => Changed(static p => p["exp"] = Now - 60),
            "not yet valid" => Changed(static p => p["nbf"] = Now + 60),
            "no subject" => Changed(static p => p.Remove("sub")),
            "no expiry" => Changed(static p => p.Remove("exp")),
            "foreign key" => server.Issuer.Token(NotesFixture.Resource, key: server.Issuer.NewKey()),
            "no signature" => TestKit.Issuers.Jws.Unsigned(
                new JsonObject { ["alg"] = "none", ["typ"] = "JWT" },
                server.Issuer.Payload(NotesFixture.Resource, scope: "notes:read")
            ),
            _ => server.Token(change: static (header, _) => header["typ"] = "logout+jwt"),
        };

    private string Changed(Action<JsonObject> change) => server.Token(change: (_, payload) => change(payload));

    private static string Call(string tool) =>
        $$$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{{tool}}}}","arguments":{}}}""";

    private static string Challenge(HttpResponseMessage response) =>
        response.Headers.GetValues("WWW-Authenticate").Single();
}
