using AspireGateway.IdentityProvider;
using AspireGateway.TestClient.Tests.Fakes;
using AspireGateway.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using ModelContextProtocol.AspNetCore.Authentication;

namespace AspireGateway.TestClient.Tests.Flow;

/// <summary>
/// The flow against the embedded identity provider and an MCP server that checks its tokens: every way to be known, with
/// real pages and signatures.
/// </summary>
public sealed class EmbeddedProviderTests(EmbeddedProviderTests.Servers system)
    : IClassFixture<EmbeddedProviderTests.Servers>
{
    public static TheoryData<string, string[]> Identities =>
        new()
        {
            { "alice", [] },
            { "bob", ["--client-id", "aspire-gateway-testclient"] },
            { "alice", ["--client-id-document"] },
        };

    [Theory, MemberData(nameof(Identities))]
    public async Task A_user_signs_in_consents_and_calls_a_tool(string user, string[] identity)
    {
        var run = await RunAsync("call", "add", "--arg", "left=40", "--arg", "right=2", "--user", user, identity);

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Steps.ShouldBe(["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "A10", "A11"]);
        run.Lines[^1].ShouldStartWith($"✔ signed in as {user}, 5 tools listed, add called");
        run.Output.ShouldContain("code, state and iss received");
        run.Output.ShouldNotContain(" eyJ");
    }

    [Fact]
    public async Task A_wrong_password_is_told()
    {
        var run = await TestRun.OfAsync(["tools", system.Mcp.AbsoluteUri, "--user", "alice", "--password", "wrong"]);

        run.ExitCode.ShouldBe(1);
        run.Lines[^2]
            .ShouldBe(
                "✘ The identity provider did not accept the password of 'alice'. It says: User name or password is wrong."
            );
    }

    [Theory]
    [InlineData]
    [InlineData("--client-id", "aspire-gateway-testclient")]
    public async Task A_scope_that_does_not_exist_is_told_in_the_providers_words(params string[] identity)
    {
        var run = await RunAsync("tools", "--scope", "mcp:tools made:up", "--user", "alice", identity);

        run.ExitCode.ShouldBe(1);
        run.Lines[^2].ShouldContain("refused the request: invalid_scope");
        run.Lines[^1].ShouldContain("--scope");
    }

    private async Task<TestRun> RunAsync(string command, params object[] args) =>
        await TestRun.OfAsync([
            command,
            system.Mcp.AbsoluteUri,
            .. args.SelectMany(static arg => arg as string[] ?? [(string)arg]),
        ]);

    /// <summary>Both servers, for all tests of the class.</summary>
    public sealed class Servers : IAsyncLifetime
    {
        private readonly WebApplication _provider;
        private readonly WebApplication _server;

        public Servers()
        {
            var (providerSocket, serverSocket) = (new BoundSocket(), new BoundSocket());
            Mcp = new Uri(serverSocket.Url, "/mcp");
            _provider = Provider(providerSocket, serverSocket.Url);
            _server = Server(serverSocket, new Uri(providerSocket.Url, "/realms/corp").AbsoluteUri);
        }

        public Uri Mcp { get; }

        public async ValueTask InitializeAsync()
        {
            await _provider.StartAsync();
            await _server.StartAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await _server.DisposeAsync();
            await _provider.DisposeAsync();
        }

        private static WebApplication Provider(BoundSocket socket, Uri resource)
        {
            var builder = Builder(socket);
            builder.Configuration.AddInMemoryCollection(
                new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["IdentityProvider:Realm"] = "corp",
                    ["IdentityProvider:PublicUrl"] = socket.Url.GetLeftPart(UriPartial.Authority),
                    ["IdentityProvider:GatewayPublicUrl"] = resource.GetLeftPart(UriPartial.Authority),
                    ["IdentityProvider:DemoPassword"] = FakeBehaviour.Password,
                }
            );
            builder.AddIdentityProvider();
            var app = builder.Build();
            app.MapIdentityProvider();
            return app;
        }

        private WebApplication Server(BoundSocket socket, string issuer)
        {
            var builder = Builder(socket);
            builder
                .Services.AddAuthentication(static options =>
                {
                    options.DefaultScheme = "Bearer";
                    options.DefaultChallengeScheme = McpAuthenticationDefaults.AuthenticationScheme;
                })
                .AddJwtBearer(options =>
                {
                    options.Authority = issuer;
                    options.RequireHttpsMetadata = false;
                    options.TokenValidationParameters = new TokenValidationParameters
                    {
                        ValidAudience = Mcp.AbsoluteUri,
                    };
                })
                .AddMcp(options =>
                    options.ResourceMetadata = new()
                    {
                        Resource = Mcp.AbsoluteUri,
                        AuthorizationServers = { issuer },
                        ScopesSupported = ["mcp:tools"],
                    }
                );
            builder.Services.AddAuthorization();
            builder.Services.AddMcpServer().WithHttpTransport().WithTools<FakeTools>();
            var app = builder.Build();
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapMcp("/mcp").RequireAuthorization();
            return app;
        }

        private static WebApplicationBuilder Builder(BoundSocket socket)
        {
            var builder = WebApplication.CreateSlimBuilder(
                new WebApplicationOptions
                {
                    EnvironmentName = Environments.Development,
                    ApplicationName = "IdentityProvider",
                }
            );
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls(socket.Url.AbsoluteUri);
            builder.WebHost.UseSockets(options => options.CreateBoundListenSocket = _ => socket.Take());
            return builder;
        }
    }
}
