using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.TestKit;
using AspireGateway.TestKit.ThirdParty;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>How the gateway becomes a client of third parties, on the standard and off it.</summary>
public sealed class ProviderTests
{
    private const string Settings = "Gateway:Targets:notes:AuthorizationCode:";

    [Fact]
    public async Task A_server_that_registers_clients_registers_the_gateway_once()
    {
        await using var host = await ConsentHost.StartAsync();

        await host.ConnectAsync();
        await host.ConnectAsync("user-2");

        var registration = host.ThirdParty.RequestsOf("/register").ShouldHaveSingleItem();
        var body = JsonNode.Parse(registration.Body)!;
        body["redirect_uris"]![0]!.GetValue<string>().ShouldBe("http://gateway.test/connect/callback/notes");
        body["application_type"]!.GetValue<string>().ShouldBe("web");
        host.ThirdParty.TokenRequests("authorization_code")
            .ShouldAllBe(static request => request.Headers["Authorization"].StartsWith("Basic "));
    }

    [Fact]
    public async Task A_server_that_reads_metadata_documents_gets_the_gateways_own()
    {
        await using var host = await ConsentHost.StartAsync();
        host.ThirdParty.Behaviour.ChangeMetadata = static m => m["client_id_metadata_document_supported"] = true;

        await host.ConnectAsync();

        host.ThirdParty.RequestsOf("/register").ShouldBeEmpty();
        var form = FakeAuthorizationServer.Form(host.ThirdParty.TokenRequests("authorization_code")[0]);
        form["client_id"].ShouldBe("http://gateway.test/connect/client.json");
        var document = JsonNode.Parse(
            await host.Client.GetStringAsync("/connect/client.json", TestContext.Current.CancellationToken)
        )!;
        document["client_id"]!.GetValue<string>().ShouldBe(form["client_id"]);
        document["redirect_uris"]!
            .AsArray()
            .Select(static uri => uri!.GetValue<string>())
            .ShouldContain(form["redirect_uri"]);
    }

    [Fact]
    public async Task With_the_issuer_in_the_settings_the_target_still_says_what_to_ask_for()
    {
        await using var host = await ConsentHost.StartAsync(
            static (server, _) => [(Settings + "Issuer", server.BaseUrl)]
        );
        host.ThirdParty.Behaviour.ChangeMetadata = static m =>
            m["scopes_supported"] = new JsonArray("notes:read", "notes:admin");
        host.Protection.ChangeMetadata = static m =>
            m["resource"] = new Uri(m["resource"]!.ToString()).GetLeftPart(UriPartial.Authority);

        await host.ConnectAsync();

        var asked = QueryHelpers.ParseQuery(
            new Uri(host.ThirdParty.BaseUrl + host.ThirdParty.RequestsOf("/authorize")[0].Path).Query
        );
        asked["scope"].ToString().ShouldBe("notes:read");
        asked["resource"].ToString().ShouldBe(host.Notes.BaseUrl);
    }

    [Fact]
    public async Task With_the_issuer_in_the_settings_metadata_about_another_resource_is_worth_nothing()
    {
        await using var host = await ConsentHost.StartAsync(
            static (server, _) => [(Settings + "Issuer", server.BaseUrl)]
        );
        host.Protection.ChangeMetadata = static m => m["resource"] = "http://evil.example/mcp";

        await host.ConnectAsync();

        var asked = QueryHelpers.ParseQuery(
            new Uri(host.ThirdParty.BaseUrl + host.ThirdParty.RequestsOf("/authorize")[0].Path).Query
        );
        asked["resource"].ToString().ShouldBe(host.Notes.Url);
    }

    [Theory]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    [InlineData("none")]
    public async Task A_client_registered_by_hand_authenticates_as_configured(string method)
    {
        var secret = method == "none" ? "" : "s3cret+%&";
        await using var host = await ConsentHost.StartAsync(
            null,
            (Settings + "ClientId", "by hand:1"),
            (Settings + "ClientSecret", secret),
            (Settings + "TokenEndpointAuthMethod", method)
        );

        await host.ConnectAsync();

        var request = host.ThirdParty.TokenRequests("authorization_code")[0];
        var form = FakeAuthorizationServer.Form(request);
        host.ThirdParty.RequestsOf("/register").ShouldBeEmpty();
        switch (method)
        {
            case "client_secret_basic":
                var pair = Encoding.UTF8.GetString(Convert.FromBase64String(request.Headers["Authorization"][6..]));
                pair.Split(':').Select(WebUtility.UrlDecode).ShouldBe(["by hand:1", secret]);
                form.Keys.ShouldNotContain("client_secret");
                break;
            case "client_secret_post":
                form["client_secret"].ShouldBe(secret);
                break;
            default:
                form.Keys.ShouldNotContain("client_secret");
                form["client_id"].ShouldBe("by hand:1");
                request.Headers.Keys.ShouldNotContain("Authorization");
                break;
        }
    }

    [Fact]
    public async Task A_client_with_a_key_signs_its_requests()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = Path.Combine(Directory.CreateTempSubdirectory("gateway-key-").FullName, "key.pem");
        await File.WriteAllTextAsync(file, key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        await using var host = await ConsentHost.StartAsync(
            null,
            (Settings + "ClientId", "keyed"),
            (Settings + "PrivateKeyFile", file),
            (Settings + "PrivateKeyId", "k1")
        );

        await host.ConnectAsync();

        var form = FakeAuthorizationServer.Form(host.ThirdParty.TokenRequests("authorization_code")[0]);
        var assertion = new JsonWebToken(form["client_assertion"]);
        assertion.Kid.ShouldBe("k1");
        assertion.Issuer.ShouldBe("keyed");
        assertion.Subject.ShouldBe("keyed");
        assertion.Audiences.ShouldBe([host.ThirdParty.BaseUrl + "/token"]);
        assertion.ValidTo.ShouldBeGreaterThan(assertion.IssuedAt);
    }

    /// <summary>GitHub: no metadata, no PKCE announced, answers as a form, tokens without expiry, commas between scopes.</summary>
    [Fact]
    public async Task A_provider_like_github_works_with_explicit_settings()
    {
        await using var host = await ConsentHost.StartAsync(
            static (server, _) =>
                [
                    (Settings + "AuthorizationEndpoint", server.BaseUrl + "/authorize"),
                    (Settings + "TokenEndpoint", server.BaseUrl + "/token"),
                    (Settings + "ClientId", "github-app"),
                    (Settings + "ClientSecret", "secret"),
                    (Settings + "TokenEndpointAuthMethod", "client_secret_post"),
                    (Settings + "AllowWithoutPkce", "true"),
                    (Settings + "SendResource", "false"),
                    (Settings + "Scopes:0", "repo"),
                    (Settings + "Scopes:1", "read:user"),
                ]
        );
        host.ThirdParty.Behaviour.HasMetadata = false;
        host.ThirdParty.Behaviour.AnswersIssuer = null;
        host.ThirdParty.Behaviour.TokenLifetime = null;
        host.ThirdParty.Behaviour.GivesRefreshTokens = false;
        host.ThirdParty.Behaviour.Override = (context, request) => AnswerAsFormAsync(host.ThirdParty, context, request);

        await host.ConnectAsync();

        (await host.CallAsync()).Text.ShouldContain("\"complete\"");
        var authorize = QueryHelpers.ParseQuery(
            new Uri(host.ThirdParty.BaseUrl + host.ThirdParty.RequestsOf("/authorize")[0].Path).Query
        );
        authorize.Keys.ShouldNotContain("resource");
        authorize["scope"].ToString().ShouldBe("repo read:user");
        FakeAuthorizationServer
            .Form(host.ThirdParty.TokenRequests("authorization_code")[0])
            .Keys.ShouldNotContain("resource");
    }

    /// <summary>Google: a refresh token only with further parameters.</summary>
    [Fact]
    public async Task Further_parameters_of_the_authorization_request_are_sent()
    {
        await using var host = await ConsentHost.StartAsync(
            null,
            (Settings + "AuthorizeParameters:access_type", "offline"),
            (Settings + "AuthorizeParameters:prompt", "consent")
        );

        await host.ConnectAsync();

        host.ThirdParty.RequestsOf("/authorize")[0].Path.ShouldContain("access_type=offline");
        host.ThirdParty.RequestsOf("/authorize")[0].Path.ShouldContain("prompt=consent");
    }

    /// <summary>Slack: the person's token is inside another member, scopes are separated by commas.</summary>
    [Fact]
    public async Task A_provider_like_slack_nests_its_tokens()
    {
        await using var host = await ConsentHost.StartAsync(
            null,
            (Settings + "TokenObject", "authed_user"),
            (Settings + "ScopeSeparator", ","),
            (Settings + "Scopes:0", "search:read"),
            (Settings + "Scopes:1", "users:read")
        );
        host.ThirdParty.Behaviour.Override = async (context, request) =>
        {
            if (request.Path != "/token")
            {
                return false;
            }

            var form = FakeAuthorizationServer.Form(request);
            var tokens = host.ThirdParty.Grants.ExchangeFor(form["code"], form["code_verifier"])!;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(
                new JsonObject
                {
                    ["ok"] = true,
                    ["access_token"] = "xoxb-bot",
                    ["authed_user"] = tokens,
                }.ToJsonString()
            );
            return true;
        };

        await host.ConnectAsync();

        (await host.CallAsync()).Text.ShouldContain("\"complete\"");
        WebUtility
            .UrlDecode(host.ThirdParty.RequestsOf("/authorize")[0].Path)
            .ShouldContain("scope=search:read,users:read");
    }

    [Fact]
    public async Task A_server_that_registers_nobody_is_explained()
    {
        await using var host = await ConsentHost.StartAsync();
        host.ThirdParty.Behaviour.ChangeMetadata = static m => m.Remove("registration_endpoint");
        var (link, _) = await host.AskAsync();

        var page = await host.Browser().OpenAsync(link, cancellationToken: TestContext.Current.CancellationToken);

        page.Text.ShouldContain("no_registration");
        host.Gateway.Logs.Text.ShouldContain("AuthorizationCode:ClientId");
        host.Gateway.Logs.Text.ShouldContain("http://gateway.test/connect/callback/notes");
    }

    private static async Task<bool> AnswerAsFormAsync(
        FakeAuthorizationServer server,
        HttpContext context,
        RecordedRequest request
    )
    {
        if (request.Path != "/token")
        {
            return false;
        }

        var form = FakeAuthorizationServer.Form(request);
        var tokens = server.Grants.ExchangeFor(form["code"], form["code_verifier"], life: null, withRefresh: false)!;
        context.Response.ContentType = "application/x-www-form-urlencoded";
        await context.Response.WriteAsync(
            $"access_token={tokens["access_token"]}&scope=repo%2Cread%3Auser&token_type=bearer"
        );
        return true;
    }
}
