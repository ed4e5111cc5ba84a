using System.Net;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit.Issuers;

namespace AspireGateway.Gateway.Tests.Inbound;

/// <summary>What an issuer's options allow, and several issuers beside each other.</summary>
public sealed class IssuerRuleTests
{
    private const string Issuer = "Gateway:Inbound:Issuers:0:";

    [Theory]
    [InlineData("EQUALS", "\"a\"", true)]
    [InlineData("EQUALS", "\"A\"", false)]
    [InlineData("EQUALS", "\"ab\"", false)]
    [InlineData("EQUALS", "[\"a\",\"b\"]", false)]
    [InlineData("EQUALS", "{\"a\":\"a\"}", false)]
    [InlineData("EQUALS", null, false)]
    [InlineData("CONTAINS", "[\"x\",\"a\"]", true)]
    [InlineData("CONTAINS", "\"a\"", true)]
    [InlineData("CONTAINS", "\"xax\"", false)]
    [InlineData("CONTAINS", "[\"x\",\"ab\"]", false)]
    [InlineData("CONTAINS", "[]", false)]
    [InlineData("CONTAINS", null, false)]
    [InlineData("CONTAINS_ANY", "[\"x\",\"b\"]", true)]
    [InlineData("CONTAINS_ANY", "\"b\"", true)]
    [InlineData("CONTAINS_ANY", "[\"x\",\"y\"]", false)]
    [InlineData("CONTAINS_ANY", "[]", false)]
    [InlineData("CONTAINS_ANY", null, false)]
    public async Task A_custom_claim_is_compared_whole(string comparison, string? claim, bool accepted)
    {
        await using var host = await GatewayHost.StartAsync(
            settings:
            [
                (Issuer + "CustomClaims:0:Name", "department"),
                (Issuer + "CustomClaims:0:Operator", comparison),
                (Issuer + "CustomClaims:0:Value", comparison is "CONTAINS_ANY" ? null : "a"),
                (Issuer + "CustomClaims:0:Values:0", comparison is "CONTAINS_ANY" ? "a" : null),
                (Issuer + "CustomClaims:0:Values:1", comparison is "CONTAINS_ANY" ? "b" : null),
            ]
        );
        using var client = await host.CreateReadyClientAsync();

        var answer = await client.SendAsync(
            "/mcp",
            McpRequests.ListTools,
            host.Token((_, p) => p["department"] = claim is null ? null : JsonNode.Parse(claim))
        );

        answer.Status.ShouldBe(accepted ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
        (accepted ? null : answer.Reason).ShouldBe(accepted ? null : "claim_mismatch");
    }

    [Fact]
    public async Task All_custom_claims_must_hold()
    {
        await using var host = await GatewayHost.StartAsync(
            settings:
            [
                (Issuer + "CustomClaims:0:Name", "tid"),
                (Issuer + "CustomClaims:0:Value", "our-tenant"),
                (Issuer + "CustomClaims:1:Name", "groups"),
                (Issuer + "CustomClaims:1:Operator", "CONTAINS"),
                (Issuer + "CustomClaims:1:Value", "agents"),
            ]
        );
        using var client = await host.CreateReadyClientAsync();

        Task<McpAnswer> SendAsync(string tenant, string group) =>
            client.SendAsync(
                "/mcp",
                McpRequests.ListTools,
                host.Token((_, p) => (p["tid"], p["groups"]) = (tenant, new JsonArray("everyone", group)))
            );

        (await SendAsync("our-tenant", "agents")).Status.ShouldBe(HttpStatusCode.OK);
        (await SendAsync("our-tenant", "guests")).Reason.ShouldBe("claim_mismatch");
        (await SendAsync("their-tenant", "agents")).Reason.ShouldBe("claim_mismatch");
    }

    [Theory]
    [InlineData("scope", "\"openid mcp:tools read\"", true)]
    [InlineData("scope", "[\"mcp:tools\",\"read\"]", true)]
    [InlineData("scp", "\"mcp:tools write\"", true)]
    [InlineData("scp", "[\"mcp:tools\",\"write\"]", true)]
    [InlineData("scp", "\"mcp:tools\"", false)]
    [InlineData("scope", "\"mcp:tools reader\"", false)]
    [InlineData("roles", "\"mcp:tools read\"", false)]
    public async Task A_token_needs_one_of_the_allowed_scopes(string claim, string scopes, bool accepted)
    {
        await using var host = await GatewayHost.StartAsync(
            settings: [(Issuer + "AllowedScopes:0", "read"), (Issuer + "AllowedScopes:1", "write")]
        );
        using var client = await host.CreateReadyClientAsync();

        var answer = await client.SendAsync(
            "/mcp",
            McpRequests.ListTools,
            host.Token(
                (_, p) =>
                {
                    p.Remove("scope");
                    p[claim] = JsonNode.Parse(scopes);
                }
            )
        );

        answer.Status.ShouldBe(accepted ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
        (accepted ? null : answer.Reason).ShouldBe(accepted ? null : "scope_not_allowed");
    }

    [Theory]
    [InlineData("""{"client_id":"agent"}""", true)]
    [InlineData("""{"azp":"agent"}""", true)]
    [InlineData("""{"cid":"agent"}""", true)]
    [InlineData("""{"appid":"agent"}""", true)]
    [InlineData("""{"client_id":"agent","azp":"agent"}""", true)]
    [InlineData("""{"client_id":"Agent"}""", false)]
    [InlineData("""{"client_id":"other","azp":"agent"}""", false)]
    [InlineData("""{"client_id":"other","appid":"agent"}""", false)]
    [InlineData("""{"cid":["agent","other"]}""", false)]
    [InlineData("{}", false)]
    public async Task Only_allowed_clients_may_call_whatever_claim_names_them(string claims, bool accepted)
    {
        await using var host = await GatewayHost.StartAsync(settings: (Issuer + "AllowedClients:0", "agent"));
        using var client = await host.CreateReadyClientAsync();

        var answer = await client.SendAsync(
            "/mcp",
            McpRequests.ListTools,
            host.Token(
                (_, p) =>
                {
                    p.Remove("azp");
                    foreach (var (name, value) in JsonNode.Parse(claims)!.AsObject())
                    {
                        p[name] = value?.DeepClone();
                    }
                }
            )
        );

        answer.Status.ShouldBe(accepted ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
        (accepted ? null : answer.Reason).ShouldBe(accepted ? null : "wrong_client");
    }

    [Fact]
    public async Task Each_issuer_has_its_own_rules_keys_and_users()
    {
        await using var partner = await FakeIssuer.StartNewAsync();
        await using var host = await GatewayHost.StartAsync(
            settings:
            [
                ("Gateway:Inbound:Issuers:1:Name", "partner"),
                ("Gateway:Inbound:Issuers:1:DiscoveryUrl", partner.DiscoveryUrl),
                ("Gateway:Inbound:Issuers:1:AllowedClients:0", "partner-agent"),
            ]
        );
        partner.RotateKey(keepOld: false);
        using var client = await host.CreateReadyClientAsync();
        var call = McpRequests.CallTool("weather___echo");
        string Partner(Action<JsonObject>? change = null, SigningKey? key = null) =>
            partner.Token(
                GatewayHost.Resource,
                (_, p) =>
                {
                    p["azp"] = "partner-agent";
                    change?.Invoke(p);
                },
                key
            );

        (await client.SendAsync("/mcp", call, host.Token())).Status.ShouldBe(HttpStatusCode.OK);
        (await client.SendAsync("/mcp", call, Partner())).Status.ShouldBe(HttpStatusCode.OK);
        (await client.SendAsync("/mcp", call, Partner(static p => p["azp"] = "test-client"))).Reason.ShouldBe(
            "wrong_client"
        );
        (await client.SendAsync("/mcp", call, Partner(p => p["iss"] = host.Issuer.BaseUrl))).Status.ShouldBe(
            HttpStatusCode.Unauthorized
        );
        (await client.SendAsync("/mcp", call, Partner(key: host.Issuer.SigningKey))).Status.ShouldBe(
            HttpStatusCode.Unauthorized
        );

        host.Audit()
            .Where(static record => record.GetProperty("decision").GetString() is "allowed")
            .Select(static record => record.GetProperty("user").GetString())
            .Distinct(StringComparer.Ordinal)
            .ShouldBe(["corp:user-1", "partner:user-1"]);
    }

    [Fact]
    public void The_same_subject_of_two_issuers_is_two_users()
    {
        var ours = new UserId("corp", "00u1");
        var theirs = new UserId("partner", "00u1");

        theirs.ShouldNotBe(ours);
        theirs.ToString().ShouldNotBe(ours.ToString());
        new UserId("corp", "00u1").ShouldBe(ours);
        new UserId("corp", "00U1").ShouldNotBe(ours, "subjects are compared character by character");
    }
}
