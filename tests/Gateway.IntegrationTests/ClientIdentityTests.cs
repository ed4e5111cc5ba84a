using System.Text.Json.Nodes;
using AspireGateway.Gateway.IntegrationTests.Systems;
using AspireGateway.TestKit;
using ModelContextProtocol.Authentication;

namespace AspireGateway.Gateway.IntegrationTests;

/// <summary>The three ways in which a client becomes known, each through the whole flow with the SDK's client.</summary>
public abstract class ClientIdentityTests(ComposedSystem system) : SystemTests(system)
{
    [Fact]
    public async Task A_client_that_was_registered_before_is_let_in()
    {
        const string id = "aspire-gateway-testclient";

        (await CallAsync(SignedInClient.Known(id))).ShouldBe(id);
    }

    [Fact]
    public async Task A_client_that_registers_itself_is_let_in()
    {
        string? registered = null;

        var called = await CallAsync(oauth =>
            oauth.DynamicClientRegistration = new()
            {
                ClientName = "Registers itself",
                ResponseDelegate = (response, _) =>
                {
                    registered = response.ClientId;
                    return Task.CompletedTask;
                },
            }
        );

        called.ShouldBe(registered.ShouldNotBeNull());
    }

    [Fact]
    public async Task A_client_whose_id_is_the_URL_of_its_metadata_document_is_let_in()
    {
        await using var server = await DocumentServer.StartNewAsync();
        var id = server.UrlOf("/client.json");
        server.Serve("/client.json", Document(id));

        (await CallAsync(SignedInClient.Known(id))).ShouldBe(id);
    }

    [Fact]
    public async Task A_client_whose_document_does_not_name_its_redirect_URI_is_not_let_in()
    {
        await using var server = await DocumentServer.StartNewAsync();
        var id = server.UrlOf("/client.json");
        server.Serve("/client.json", Document(id, "http://127.0.0.1:7778/another"));

        await Should.ThrowAsync<Exception>(() => CallAsync(SignedInClient.Known(id)));
    }

    /// <summary>Signs in, calls a tool, and returns the client that the gateway recorded for the call.</summary>
    private async Task<string> CallAsync(Action<ClientOAuthOptions> identity)
    {
        using var person = new SignedInClient("bob");
        await using var client = await person.ConnectAsync(Running.Mcp, identity: identity);
        var record = await Running.RecordOfAsync(
            "get_forecast",
            async () =>
                await client.CallToolAsync(
                    "weather___get_forecast",
                    new Dictionary<string, object?>(StringComparer.Ordinal) { ["city"] = "Oslo" },
                    cancellationToken: Stop
                )
        );

        person.SignIns.ShouldBe(1);
        return record.GetProperty("client").GetString()!;
    }

    private static string Document(string id, string? redirectUri = null) =>
        new JsonObject
        {
            ["client_id"] = id,
            ["client_name"] = "Known by its document",
            ["redirect_uris"] = new JsonArray(redirectUri ?? SignedInClient.Callback.OriginalString),
            ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
            ["response_types"] = new JsonArray("code"),
            ["application_type"] = "native",
            ["token_endpoint_auth_method"] = "none",
        }.ToJsonString();
}

[Collection(WithEmbedded.Name)]
public sealed class EmbeddedClientIdentityTests(EmbeddedSystem system) : ClientIdentityTests(system);

[Collection(WithKeycloak.Name)]
public sealed class KeycloakClientIdentityTests(KeycloakSystem system) : ClientIdentityTests(system);
