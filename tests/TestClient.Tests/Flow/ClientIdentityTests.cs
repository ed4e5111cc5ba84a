using System.Text;
using System.Text.Json;
using AspireGateway.TestClient.OAuth;
using AspireGateway.TestClient.Tests.Fakes;

namespace AspireGateway.TestClient.Tests.Flow;

/// <summary>The three ways in which an authorization server can know this client.</summary>
public sealed class ClientIdentityTests
{
    private static readonly string[] EveryFirstMethod =
    [
        "client_secret_basic",
        "client_secret_post",
        "none",
        "private_key_jwt",
    ];

    public static TheoryData<string> Methods => [.. EveryFirstMethod];

    [Fact]
    public async Task By_default_the_client_registers_itself_with_its_loopback_redirect()
    {
        await using var server = await FakeServer.StartAsync();

        var run = await TestRun.OfAsync(["tools", server.Mcp.AbsoluteUri, .. TestRun.AsAlice]);

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldContain("dynamic registration, client id registered-client");
        var registration = JsonDocument.Parse(server.To("/as/register").Single().Body).RootElement;
        registration
            .GetProperty("redirect_uris")[0]
            .GetString()
            .ShouldNotBeNull()
            .ShouldMatch(@"^http://127\.0\.0\.1:\d+/callback$");
        registration.GetProperty("application_type").GetString().ShouldBe("native");
        // Without a list of scopes, so that the client can step up later.
        registration.TryGetProperty("scope", out _).ShouldBeFalse();
        registration.GetProperty("client_name").GetString().ShouldBe("AspireGateway test client");
    }

    [Theory, MemberData(nameof(Methods))]
    public async Task A_registered_public_client_sends_its_id_and_never_an_empty_secret(string firstMethod)
    {
        await using var server = await FakeServer.StartAsync(new() { TokenMethods = [firstMethod] });

        var run = await TestRun.OfAsync([
            "tools",
            server.Mcp.AbsoluteUri,
            "--client-id",
            "public client",
            .. TestRun.AsAlice,
        ]);

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldContain("registered before, client id public client");
        server.To("/as/register").ShouldBeEmpty();
        var token = server.To("/as/token").Single();
        token.Authorization.ShouldBeNull();
        token.Form["client_id"].ToString().ShouldBe("public client");
        token.Form.Keys.ShouldNotContain("client_secret");
        token.Form["resource"].ToString().ShouldBe(server.Mcp.AbsoluteUri);
    }

    [Fact]
    public async Task A_registered_confidential_client_takes_its_secret_from_the_environment_and_does_not_print_it()
    {
        await using var server = await FakeServer.StartAsync();
        Dictionary<string, string> variables = new(StringComparer.Ordinal)
        {
            ["TESTCLIENT_PASSWORD"] = FakeBehaviour.Password,
            ["TESTCLIENT_CLIENT_SECRET"] = "a secret with spaces",
        };

        var run = await TestRun.OfAsync(
            ["tools", server.Mcp.AbsoluteUri, "--client-id", "confidential", .. TestRun.AsAlice],
            variables
        );

        run.ExitCode.ShouldBe(0, run.Everything);
        var basic = server.To("/as/token").Single().Authorization.ShouldNotBeNull();
        Encoding
            .UTF8.GetString(Convert.FromBase64String(basic["Basic ".Length..]))
            .ShouldBe("confidential:a%20secret%20with%20spaces");
        run.Everything.ShouldNotContain("a secret with spaces");
        run.Everything.ShouldNotContain(basic);
    }

    [Fact]
    public async Task A_document_elsewhere_is_the_client_id_as_it_is()
    {
        await using var server = await FakeServer.StartAsync();
        const string Document = "https://client.example/metadata.json";

        var run = await TestRun.OfAsync([
            "tools",
            server.Mcp.AbsoluteUri,
            "--client-id-document",
            Document,
            .. TestRun.AsAlice,
        ]);

        run.ExitCode.ShouldBe(0, run.Everything);
        server.To("/as/register").ShouldBeEmpty();
        server.To("/as/authorize").Single().Query["client_id"].ToString().ShouldBe(Document);
        run.Output.ShouldContain("does not say that it reads such documents");
    }

    [Fact]
    public async Task Without_a_URL_the_client_serves_its_own_document_while_it_runs()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var listener = await CallbackListener.StartAsync(cancel);
        using var http = new HttpClient(new SocketsHttpHandler());

        var bytes = await http.GetByteArrayAsync(listener.DocumentUrl, cancel);

        bytes.Length.ShouldBeLessThan(5_000);
        var document = JsonDocument.Parse(bytes).RootElement;
        document.GetProperty("client_id").GetString().ShouldBe(listener.DocumentUrl.AbsoluteUri);
        document.GetProperty("redirect_uris")[0].GetString().ShouldBe(listener.RedirectUri.AbsoluteUri);
        document.GetProperty("token_endpoint_auth_method").GetString().ShouldBe("none");
        listener.DocumentUrl.Query.ShouldBeEmpty();
    }
}
