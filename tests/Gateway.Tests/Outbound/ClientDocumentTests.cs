using System.Text.Json.Nodes;
using AspireGateway.Gateway.Tests.Hosting;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>What the gateway publishes of itself, for authorization servers that read it in place of a registration.</summary>
public sealed class ClientDocumentTests
{
    [Theory]
    [InlineData(null, "http://gateway.test/connect/client.json")]
    [InlineData("https://elsewhere.example/client.json", "https://elsewhere.example/client.json")]
    public async Task It_names_the_gateway_and_a_way_back_for_each_target_that_needs_a_person(
        string? setting,
        string clientId
    )
    {
        await using var host = await GatewayHost.StartAsync(
            settings:
            [
                ("Gateway:Outbound:ClientName", "A gateway"),
                ("Gateway:Outbound:ClientMetadataDocument", setting),
                ("Gateway:Inbound:Issuers:0:SignIn:ClientId", "gateway"),
                ("Gateway:Targets:notes:Url", "http://127.0.0.1:9/mcp"),
                ("Gateway:Targets:notes:Credential", "authorization_code"),
            ]
        );
        using var client = host.CreateClient();

        using var response = await client.GetAsync("/connect/client.json", TestContext.Current.CancellationToken);

        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var document = JsonNode.Parse(text)!;
        document["client_id"]!.GetValue<string>().ShouldBe(clientId);
        document["client_name"]!.GetValue<string>().ShouldBe("A gateway");
        document["client_uri"]!.GetValue<string>().ShouldBe("http://gateway.test");
        document["redirect_uris"]!.ToJsonString().ShouldBe("""["http://gateway.test/connect/callback/notes"]""");
        document["grant_types"]!.ToJsonString().ShouldBe("""["authorization_code","refresh_token"]""");
        document["response_types"]!.ToJsonString().ShouldBe("""["code"]""");
        document["token_endpoint_auth_method"]!.GetValue<string>().ShouldBe("none");
        document["application_type"]!.GetValue<string>().ShouldBe("web");
    }
}
