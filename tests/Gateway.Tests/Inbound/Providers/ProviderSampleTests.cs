using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit;

namespace AspireGateway.Gateway.Tests.Inbound.Providers;

/// <summary>What <c>docs/identity-providers.md</c> tells people to configure, against what the providers publish and issue.</summary>
public sealed class ProviderSampleTests(ProviderGateways gateways) : IClassFixture<ProviderGateways>
{
    private const string Alice = "00000000-0000-4000-8000-0000000a11ce";
    private const string LongScope = ProviderGateway.Resource + "/mcp:tools";

    [Theory]
    [InlineData("keycloak", "corp:a11ce000-0000-4000-8000-00000000c04b", "aspire-gateway-testclient")]
    [InlineData("entra", "entra:" + Alice, "00000000-0000-4000-8000-00000000c11e")]
    [InlineData("entra-v1", "entra:" + Alice, "00000000-0000-4000-8000-00000000c11e")]
    [InlineData("okta", "okta:00uNOTREALALICE00000", "0oaNOTREAL0000000000")]
    [InlineData("cognito", "cognito:" + Alice, "notarealclientid0000000000")]
    [InlineData("cognito-resource", "cognito:" + Alice, "notarealclientid0000000000")]
    [InlineData("auth0", "auth0:auth0|notreal0000000000a11ce", "NotARealAuth0ClientId0000000000")]
    [InlineData(
        "auth0",
        "auth0:auth0|notreal0000000000a11ce",
        "NotARealAuth0ClientId0000000000",
        "access-token-rfc9068"
    )]
    [InlineData("oidc", "company:248289761001", "s6BhdRkqt3")]
    public async Task The_providers_access_token_stands_for_its_user_and_client(
        string sample,
        string user,
        string client,
        string fixture = "access-token"
    )
    {
        var gateway = await gateways.GetAsync(sample);

        var answer = await gateway.CallAsync(ProviderGateway.Fixture(sample, fixture));

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        gateway.Host.Target.Calls().ShouldHaveSingleItem();
        var record = gateway.Host.Audit()[^1];
        record.GetProperty("user").GetString().ShouldBe(user);
        record.GetProperty("client").GetString().ShouldBe(client);
    }

    [Theory]
    [InlineData("keycloak", "wrong_token_type")]
    [InlineData("entra", "wrong_audience")]
    [InlineData("entra-v1", "wrong_client")]
    [InlineData("okta", "wrong_token_type")]
    [InlineData("cognito", "wrong_token_type")]
    [InlineData("cognito-resource", "wrong_token_type")]
    [InlineData("auth0", "wrong_audience")]
    [InlineData("oidc", "wrong_audience")]
    public async Task The_providers_ID_token_is_refused(string sample, string reason)
    {
        var gateway = await gateways.GetAsync(sample);

        var answer = await gateway.CallAsync(ProviderGateway.Fixture(sample, "id-token"));

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Reason.ShouldBe(reason);
        gateway.Host.Target.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("keycloak", "aud", "account", "wrong_audience")]
    [InlineData("keycloak", "iss", "https://id.example.com/realms/master", "wrong_issuer")]
    [InlineData("keycloak", "typ", "Refresh", "wrong_token_type")]
    [InlineData("keycloak", "scope", "openid profile", "insufficient_scope")]
    [InlineData("entra", "iss", "https://login.microsoftonline.com/another-tenant/v2.0", "wrong_issuer")]
    [InlineData("entra", "iss", "https://sts.windows.net/00000000-0000-4000-8000-00000000e17a/", "wrong_issuer")]
    [InlineData("entra", "tid", "00000000-0000-4000-8000-0000000000ff", "claim_mismatch")]
    [InlineData("entra", "aud", "00000003-0000-0000-c000-000000000000", "wrong_audience")]
    [InlineData("entra", "oid", null, "no_subject")]
    [InlineData("entra", "scp", null, "insufficient_scope")]
    [InlineData("entra", "scp", "User.Read", "insufficient_scope")]
    [InlineData("entra-v1", "iss", "https://sts.windows.net/another-tenant/", "wrong_issuer")]
    [InlineData("entra-v1", "appid", "another-client", "wrong_client")]
    [InlineData("entra-v1", "aud", "https://graph.microsoft.com", "wrong_audience")]
    [InlineData("okta", "cid", "another-client", "wrong_client")]
    [InlineData("okta", "aud", "https://example-not-real.okta.com", "wrong_audience")]
    [InlineData("okta", "iss", "https://example-not-real.okta.com", "wrong_issuer")]
    [InlineData("okta", "groups", "Everyone", "claim_mismatch")]
    [InlineData("okta", "uid", null, "no_subject")]
    [InlineData("okta", "scp", "openid", "insufficient_scope")]
    [InlineData("cognito", "client_id", "another-client", "wrong_client")]
    [InlineData("cognito", "token_use", null, "claim_mismatch")]
    [InlineData("cognito", "scope", "openid aws.cognito.signin.user.admin", "insufficient_scope")]
    [InlineData("cognito", "aud", "https://another.example.com/mcp", "wrong_audience")]
    [InlineData("cognito-resource", "aud", null, "wrong_audience")]
    [InlineData("cognito-resource", "client_id", "another-client", "wrong_client")]
    [InlineData("auth0", "aud", "https://example-not-real.eu.auth0.com/userinfo", "wrong_audience")]
    [InlineData("auth0", "iss", "https://example-not-real.eu.auth0.com", "wrong_issuer")]
    [InlineData("auth0", "scope", "openid", "insufficient_scope")]
    [InlineData("oidc", "aud", "s6BhdRkqt3", "wrong_audience")]
    [InlineData("oidc", "iss", "https://id.example.com/", "wrong_issuer")]
    [InlineData("oidc", "scope", null, "insufficient_scope")]
    public async Task A_token_with_one_other_claim_is_refused(string sample, string claim, string? value, string reason)
    {
        var gateway = await gateways.GetAsync(sample);
        var token = ProviderGateway.Fixture(sample, "access-token");
        token["payload"]!.AsObject().ContainsKey(claim).ShouldBe(sample is not "cognito" || claim is not "aud");
        Set(token, claim, value);

        var answer = await gateway.CallAsync(token);

        answer.Reason.ShouldBe(reason);
        answer.Status.ShouldBe(reason is "insufficient_scope" ? HttpStatusCode.Forbidden : HttpStatusCode.Unauthorized);
        gateway.Host.Target.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("keycloak", "mcp:tools")]
    [InlineData("entra", LongScope)]
    [InlineData("entra-v1", LongScope)]
    [InlineData("okta", "mcp:tools")]
    [InlineData("cognito", LongScope)]
    [InlineData("cognito-resource", LongScope)]
    [InlineData("auth0", "mcp:tools")]
    [InlineData("oidc", "mcp:tools")]
    public async Task Clients_find_the_issuer_and_the_scope_spelled_as_the_provider_does(string sample, string scope)
    {
        var gateway = await gateways.GetAsync(sample);

        var metadata = await gateway.Client.GetFromJsonAsync<JsonElement>(
            "/.well-known/oauth-protected-resource/mcp",
            TestContext.Current.CancellationToken
        );
        var challenge = await gateway.Client.SendAsync("/mcp", McpRequests.ListTools, token: null);

        metadata.GetProperty("resource").GetString().ShouldBe(ProviderGateway.Resource);
        metadata
            .GetProperty("authorization_servers")
            .EnumerateArray()
            .ShouldHaveSingleItem()
            .GetString()
            .ShouldBe((string)ProviderGateway.Fixture(sample, "discovery")["issuer"]!);
        metadata.GetProperty("scopes_supported").EnumerateArray().ShouldHaveSingleItem().GetString().ShouldBe(scope);
        challenge.Challenge.ShouldContain($"scope=\"{scope}\"");
    }

    [Fact]
    public async Task A_person_of_Entra_is_the_same_user_whatever_the_pairwise_subject_is()
    {
        await using var gateway = await ProviderGateway.StartAsync("entra");
        var token = ProviderGateway.Fixture("entra", "access-token");

        (await gateway.CallAsync(token)).Status.ShouldBe(HttpStatusCode.OK);
        Set(token, "sub", "pairwise-subject-of-alice-for-another-application");
        (await gateway.CallAsync(token)).Status.ShouldBe(HttpStatusCode.OK);
        Set(token, "oid", "00000000-0000-4000-8000-00000000000b");
        (await gateway.CallAsync(token)).Status.ShouldBe(HttpStatusCode.OK);

        var users = gateway.Host.Audit().Select(static record => record.GetProperty("user").GetString()).ToList();
        users
            .Distinct(StringComparer.Ordinal)
            .ShouldBe(["entra:" + Alice, "entra:00000000-0000-4000-8000-00000000000b"]);
    }

    [Fact]
    public async Task An_ID_token_of_Entra_is_worth_nothing_when_client_and_gateway_share_a_registration()
    {
        var gateway = await gateways.GetAsync("entra");
        var token = ProviderGateway.Fixture("entra", "id-token");
        Set(token, "aud", (string)ProviderGateway.Fixture("entra", "access-token")["payload"]!["aud"]!);

        var answer = await gateway.CallAsync(token);

        answer.Status.ShouldBe(HttpStatusCode.Forbidden);
        answer.Challenge.ShouldContain($"scope=\"{LongScope}\"");
    }

    [Theory]
    [InlineData("keycloak")]
    [InlineData("entra")]
    [InlineData("entra-v1")]
    [InlineData("okta")]
    [InlineData("cognito")]
    [InlineData("cognito-resource")]
    [InlineData("auth0")]
    [InlineData("oidc")]
    public void The_document_shows_the_sample_as_the_file_has_it(string sample)
    {
        var document = File.ReadAllText(Repository.File("docs/identity-providers.md"));

        document.ShouldContain($"```json\n{File.ReadAllText(ProviderGateway.SamplePath(sample))}```");
        document.ShouldContain($"samples/identity-providers/{sample}.json");
    }

    private static void Set(JsonObject token, string claim, string? value)
    {
        var payload = token["payload"]!.AsObject();
        payload.Remove(claim);
        if (value is not null)
        {
            payload[claim] = value;
        }
    }
}
