using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Targets.Credentials;
using AspireGateway.Gateway.Tests.Hosting;

namespace AspireGateway.Gateway.Tests.Admin;

/// <summary>What the admin API takes as a definition, and what it shows of it.</summary>
public sealed class DefinitionCheckTests
{
    private const string Server =
        """ "authorizationEndpoint":"https://id.example.com/authorize","tokenEndpoint":"https://id.example.com/token" """;

    [Fact]
    public async Task All_mistakes_are_told_at_once_with_what_to_do_and_nothing_is_changed()
    {
        await using var host = await GatewayHost.StartAsync();

        var answer = await host.AdminAsync(
            HttpMethod.Post,
            "/targets",
            """
            {"name":"More","unknown":1,"url":"ftp://more.example","credential":"authorization_code","timeout":"02:00:00",
             "tools":[{"name":"a b"},{"name":"same","inputSchema":{}},{"name":"same","inputSchema":{}}],
             "authorizationCode":{"issuer":"http://user@id.example.com","clientSecret":"s","tokenEndpointAuthMethod":"magic",
               "scopes":["two scopes"],"authorizeParameters":{"state":"1"},"privateKey":"no key"}}
            """
        );

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.MediaType.ShouldBe("application/problem+json");
        answer.Reason.ShouldBe("invalid_definition");
        answer
            .Errors.Keys.Order(StringComparer.Ordinal)
            .ShouldBe([
                "authorizationCode.authorizeParameters.state",
                "authorizationCode.clientSecret",
                "authorizationCode.issuer",
                "authorizationCode.privateKey",
                "authorizationCode.scopes",
                "authorizationCode.tokenEndpointAuthMethod",
                "name",
                "timeout",
                "tools[0]",
                "tools[2]",
                "unknown",
                "url",
            ]);
        answer.Errors["timeout"].ShouldContain("Choose a time up to 01:00:00");
        (await host.AdminAsync(HttpMethod.Get, "/targets/more")).Status.ShouldBe(HttpStatusCode.NotFound);
        host.Audit().ShouldHaveSingleItem().GetProperty("reason").GetString().ShouldBe("invalid_definition");
    }

    [Fact]
    public async Task Members_that_are_not_known_are_named()
    {
        await using var host = await GatewayHost.StartAsync();

        var answer = await host.AdminAsync(
            HttpMethod.Post,
            "/targets",
            AdminCalls.Definition(
                "more",
                host.Target.Url,
                ""","Timeout":"00:01:00","toolsFile":"/etc/passwd","authorizationCode":{"clientID":"x","privateKeyFile":"/etc/passwd"} """
            )
        );

        answer.Errors.Keys.ShouldBe(
            [
                "Timeout",
                "toolsFile",
                "authorizationCode.clientID",
                "authorizationCode.privateKeyFile",
                "authorizationCode",
            ],
            ignoreOrder: true
        );
    }

    [Theory]
    [InlineData("""{"url":"https://a.example","url":"https://b.example"}""", "invalid_json")]
    [InlineData("""{"url":"https://a.example"} x""", "invalid_json")]
    [InlineData("""["url"]""", "invalid_json")]
    [InlineData("""{"url":"https://a.example","credential":"\ud800"}""", "invalid_json")]
    [InlineData("""{"url":"https://a.example","tools":[{"name":"a","inputSchema":{},"x":"\ud800"}]}""", "invalid_json")]
    [InlineData("""{"url":null}""", "invalid_definition")]
    [InlineData("""{"url":7}""", "invalid_definition")]
    [InlineData("""{"url":"https://a.example","timeout":"soon"}""", "invalid_definition")]
    [InlineData("""{"url":"https://a.example","authorizationCode":{"sendResource":"no"}}""", "invalid_definition")]
    [InlineData(
        """{"url":"https://a.example","authorizationCode":{"scopes":[null]},"credential":"authorization_code"}""",
        "invalid_definition"
    )]
    [InlineData("""{"url":"https://a.example","tools":[null]}""", "invalid_definition")]
    [InlineData("""{"url":"https://a.example","name":"another"}""", "invalid_definition")]
    [InlineData("""{}""", "invalid_definition")]
    public async Task A_body_that_is_not_a_definition_is_refused(string body, string reason)
    {
        await using var host = await GatewayHost.StartAsync();

        var answer = await host.AdminAsync(HttpMethod.Post, "/targets/more", body);

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Reason.ShouldBe(reason);
        (await host.AdminAsync(HttpMethod.Get, "/targets/more")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_body_is_json_and_has_a_limit()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = host.CreateClient();
        using var form = new HttpRequestMessage(HttpMethod.Post, "/admin/targets")
        {
            Content = new StringContent(AdminCalls.Definition("more", host.Target.Url), Encoding.UTF8, "text/plain"),
        };
        form.Headers.TryAddWithoutValidation("Authorization", "Bearer " + host.AdminToken());
        using var refused = await client.SendAsync(form, TestContext.Current.CancellationToken);
        var large = AdminCalls.Definition("more", host.Target.Url, new string(' ', 1024 * 1024));

        refused.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await host.AdminAsync(HttpMethod.Post, "/targets", large)).Status.ShouldBe(
            HttpStatusCode.RequestEntityTooLarge
        );
        var small = AdminCalls.Definition("more", host.Target.Url, new string(' ', 1024 * 1000));
        (await host.AdminAsync(HttpMethod.Post, "/targets", small)).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Secrets_are_not_shown_and_stay_when_the_answer_is_sent_back()
    {
        await using var host = await GatewayHost.StartAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = JsonSerializer.Serialize(key.ExportPkcs8PrivateKeyPem());
        var created = await host.AdminAsync(
            HttpMethod.Post,
            "/targets",
            AdminCalls.Definition(
                "more",
                "https://target.example/mcp",
                $$""","credential":"authorization_code","authorizationCode":{{{Server}},"clientId":"c","clientSecret":"canary-1","privateKey":{{pem}}} """
            )
        );
        var read = await host.AdminAsync(HttpMethod.Get, "/targets/more");
        var code = read.Json["definition"]!["authorizationCode"]!;

        created.Status.ShouldBe(HttpStatusCode.Created);
        code["clientSecret"]!.GetValue<string>().ShouldBe("[set]");
        code["privateKey"]!.GetValue<string>().ShouldBe("[set]");
        var definition = read.Json["definition"]!;
        definition["timeout"] = "00:00:30";
        (await host.AdminAsync(HttpMethod.Put, "/targets/more", definition.ToJsonString())).Status.ShouldBe(
            HttpStatusCode.OK
        );
        Settings(host).ClientSecret.ShouldBe("canary-1");
        Settings(host).PrivateKey.ShouldContain("BEGIN PRIVATE KEY");

        definition["authorizationCode"]!["clientSecret"] = "canary-2";
        (await host.AdminAsync(HttpMethod.Put, "/targets/more", definition.ToJsonString())).Status.ShouldBe(
            HttpStatusCode.OK
        );
        Settings(host).ClientSecret.ShouldBe("canary-2");
        string[] shown =
        [
            created.Text,
            read.Text,
            (await host.AdminAsync(HttpMethod.Get, "/targets")).Text,
            host.Logs.Text,
            host.AuditText(),
        ];
        shown.ShouldAllBe(static text => !text.Contains("canary") && !text.Contains("BEGIN PRIVATE KEY"));
    }

    [Theory]
    [InlineData("url", "https://other.example/mcp")]
    [InlineData("authorizationCode.tokenEndpoint", "https://evil.example/token")]
    [InlineData("authorizationCode.issuer", "https://evil.example")]
    [InlineData("authorizationCode.clientId", "other")]
    public async Task A_kept_secret_never_goes_to_another_server_than_it_was_given_for(string member, string value)
    {
        await using var host = await GatewayHost.StartAsync();
        var more =
            $$""","credential":"authorization_code","authorizationCode":{{{Server}},"clientId":"c","clientSecret":"secret"} """;
        await host.AdminAsync(
            HttpMethod.Post,
            "/targets",
            AdminCalls.Definition("more", "https://target.example/mcp", more)
        );
        var definition = (await host.AdminAsync(HttpMethod.Get, "/targets/more")).Json["definition"]!;
        var path = member.Split('.');
        (path.Length == 1 ? definition : definition[path[0]]!)[path[^1]] = value;

        var refused = await host.AdminAsync(HttpMethod.Put, "/targets/more", definition.ToJsonString());
        definition["authorizationCode"]!["clientSecret"] = "its own";
        var allowed = await host.AdminAsync(HttpMethod.Put, "/targets/more", definition.ToJsonString());

        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Errors["authorizationCode.clientSecret"].ShouldContain("former server");
        allowed.Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Every_setting_but_files_arrives_and_comes_back()
    {
        await using var host = await GatewayHost.StartAsync();
        const string Code =
            """{"issuer":"https://id.example.com","authorizationEndpoint":"https://id.example.com/authorize","tokenEndpoint":"https://id.example.com/token","revocationEndpoint":"https://id.example.com/revoke","clientId":"c","clientSecret":"[set]","privateKeyId":"k","tokenEndpointAuthMethod":"client_secret_post","scopes":["a","b"],"additionalScopes":["openid"],"requestOfflineAccess":false,"scopeSeparator":",","authorizeParameters":{"access_type":"offline"},"resource":"urn:r","sendResource":false,"allowWithoutPkce":true,"tokenObject":"authed_user","accountEndpoint":"https://id.example.com/me","accountMember":"login"}""";

        var created = await host.AdminAsync(
            HttpMethod.Post,
            "/targets",
            AdminCalls.Definition(
                "more",
                "https://target.example/mcp",
                $$""","credential":"authorization_code","authorizationCode":{{Code.Replace("[set]", "s")}} """
            )
        );

        created.Status.ShouldBe(HttpStatusCode.Created);
        var shown = created.Json["target"]!["definition"]!["authorizationCode"]!.AsObject();
        System
            .Text.Json.Nodes.JsonNode.DeepEquals(shown, System.Text.Json.Nodes.JsonNode.Parse(Code))
            .ShouldBeTrue(shown.ToJsonString());
        var settings = typeof(AuthorizationCodeOptions)
            .GetProperties()
            .Select(static property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))
            .Except(["urls", "privateKeyFile", "privateKey"]);
        shown.Select(static member => member.Key).ShouldBe(settings, ignoreOrder: true);
    }

    private static AuthorizationCodeOptions Settings(GatewayHost host)
    {
        var registry = (Targets.TargetRegistry)host.Services.GetService(typeof(Targets.TargetRegistry))!;
        TargetName.TryParse("more", out var name).ShouldBeTrue();
        return registry.Find(name)!.AuthorizationCode;
    }
}
