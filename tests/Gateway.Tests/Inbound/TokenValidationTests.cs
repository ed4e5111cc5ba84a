using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit.Issuers;

namespace AspireGateway.Gateway.Tests.Inbound;

/// <summary>Every way in which a token can be wrong, beside the one that is right.</summary>
public sealed class TokenValidationTests
{
    private static readonly Dictionary<string, Action<JsonObject, JsonObject>> Mistakes = new(StringComparer.Ordinal)
    {
        ["expired"] = (_, p) => p["exp"] = Now() - 60,
        ["no_expiry"] = (_, p) => p.Remove("exp"),
        ["not_yet_valid"] = (_, p) => p["nbf"] = Now() + 120,
        ["not_yet_valid (iat)"] = (_, p) => p["iat"] = Now() + 120,
        ["lifetime_too_long"] = (_, p) => p["exp"] = Now() + 60 * 60 * 24 * 30,
        ["wrong_issuer"] = (_, p) => p["iss"] = "https://other.example",
        ["wrong_issuer (slash)"] = (_, p) => p["iss"] = p["iss"]!.GetValue<string>() + "/",
        ["wrong_issuer (missing)"] = (_, p) => p.Remove("iss"),
        ["wrong_audience"] = (_, p) => p["aud"] = "account",
        ["wrong_audience (missing)"] = (_, p) => p.Remove("aud"),
        ["wrong_audience (similar)"] = (_, p) => p["aud"] = GatewayHost.Resource + "x",
        ["wrong_audience (case)"] = (_, p) => p["aud"] = GatewayHost.Resource.ToUpperInvariant(),
        ["wrong_audience (one target only)"] = (_, p) => p["aud"] = GatewayHost.Resource + "/weather",
        ["wrong_token_type (ID)"] = (_, p) => p["typ"] = "ID",
        ["wrong_token_type (refresh)"] = (_, p) => p["typ"] = "Refresh",
        ["wrong_token_type (id token)"] = (_, p) => p["at_hash"] = "abc",
        ["wrong_token_type (cognito id)"] = (_, p) => p["token_use"] = "id",
        ["wrong_token_type (logout)"] = (_, p) =>
            p["events"] = new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = new JsonObject() },
        ["wrong_token_type (header)"] = (h, _) => h["typ"] = "logout+jwt",
        ["no_subject"] = (_, p) => p.Remove("sub"),
        ["unknown_crit"] = (h, _) => h["crit"] = new JsonArray("exp"),
        ["unknown_key"] = (h, _) => h["kid"] = "another",
    };

    public static TheoryData<string> Names => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_token_with_one_mistake_is_refused_and_the_same_token_without_it_is_accepted(string mistake)
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var reason = mistake.Split(' ')[0];

        var refused = await client.SendAsync(
            "/mcp",
            McpRequests.CallTool("weather___echo"),
            host.Token(Mistakes[mistake])
        );

        refused.Status.ShouldBe(HttpStatusCode.Unauthorized);
        refused.Reason.ShouldBe(reason);
        refused.Challenge.ShouldContain("error=\"invalid_token\"");
        refused.Challenge.ShouldContain("resource_metadata=");
        host.Audit().ShouldHaveSingleItem().GetProperty("reason").GetString().ShouldBe(reason);
        host.Target.Requests.ShouldBeEmpty();

        var accepted = await client.SendAsync("/mcp", McpRequests.CallTool("weather___echo"), host.Token());
        accepted.Status.ShouldBe(HttpStatusCode.OK);
        host.Target.Calls().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_token_signed_with_a_key_that_is_not_published_is_refused()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var foreign = host.Issuer.NewKey() with { Id = host.Issuer.SigningKey.Id };

        var answer = await client.SendAsync(
            "/mcp",
            McpRequests.ListTools,
            host.Issuer.Token(GatewayHost.Resource, key: foreign)
        );

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Reason.ShouldBe("invalid_signature");
    }

    [Fact]
    public async Task A_key_that_the_token_itself_brings_is_not_used()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var attacker = host.Issuer.NewKey();
        var token = host.Issuer.Token(
            GatewayHost.Resource,
            (header, _) =>
            {
                header["jwk"] = attacker.ToJwk();
                header["jku"] = "http://127.0.0.1:1/jwks";
                header["x5u"] = "http://127.0.0.1:1/cert";
            },
            attacker
        );

        var answer = await client.SendAsync("/mcp", McpRequests.ListTools, token);

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_unsigned_token_is_refused()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var header = host.Issuer.Header();
        header["alg"] = "none";

        var answer = await client.SendAsync(
            "/mcp",
            McpRequests.ListTools,
            Jws.Unsigned(header, host.Issuer.Payload(GatewayHost.Resource))
        );

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_signed_with_the_public_key_as_a_shared_secret_is_refused()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var header = host.Issuer.Header();
        header["alg"] = "HS256";
        var secret = Encoding.ASCII.GetBytes(host.Issuer.SigningKey.Rsa.ExportRSAPublicKeyPem());

        var answer = await client.SendAsync(
            "/mcp",
            McpRequests.ListTools,
            Jws.SignHmac(header, host.Issuer.Payload(GatewayHost.Resource), secret)
        );

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("Basic YWxpY2U6ZGVtbw==")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer a b")]
    [InlineData("Bearer a,b")]
    [InlineData("DPoP abc")]
    public async Task A_header_that_is_no_bearer_token_is_refused(string header)
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = host.CreateClient();
        using var request = McpRequests.Post("/mcp", McpRequests.ListTools, token: null);
        request.Headers.TryAddWithoutValidation("Authorization", header);

        var answer = await client.ReadAsync(request);

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Reason.ShouldBe("malformed_authorization");
    }

    [Fact]
    public async Task Two_authorization_headers_are_refused_even_when_one_is_good()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        using var request = McpRequests.Post("/mcp", McpRequests.ListTools, host.Token());
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + host.Token());

        var answer = await client.ReadAsync(request);

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_in_the_query_is_not_looked_at()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();

        var answer = await client.SendAsync("/mcp?access_token=" + host.Token(), McpRequests.ListTools, token: null);

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Reason.ShouldBe("missing_token");
    }

    [Fact]
    public async Task A_token_for_one_target_is_good_there_and_nowhere_else()
    {
        await using var host = await GatewayHost.StartAsync(
            settings: ("Gateway:Targets:other:Url", "http://127.0.0.1:1/mcp")
        );
        using var client = await host.CreateReadyClientAsync();
        var token = host.Issuer.Token(GatewayHost.Resource + "/weather");

        (await client.SendAsync("/mcp/weather", McpRequests.ListTools, token)).Status.ShouldBe(HttpStatusCode.OK);
        (await client.SendAsync("/mcp/other", McpRequests.ListTools, token)).Reason.ShouldBe("wrong_audience");
        (await client.SendAsync("/mcp", McpRequests.ListTools, token)).Reason.ShouldBe("wrong_audience");
    }

    [Fact]
    public async Task No_token_ever_appears_in_the_log_or_the_audit_record()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var good = host.Token();
        var bad = host.Token((_, p) => p["aud"] = "account");

        await client.SendAsync("/mcp", McpRequests.CallTool("weather___echo"), good);
        await client.SendAsync("/mcp", McpRequests.CallTool("weather___echo"), bad);

        var written = host.Logs.Text + host.AuditText();
        foreach (var part in good.Split('.').Concat(bad.Split('.')))
        {
            written.ShouldNotContain(part);
        }
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
}
