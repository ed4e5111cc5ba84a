using System.Text.Json.Nodes;
using AspireGateway.Gateway.Outbound.Discovery;
using AspireGateway.Gateway.Outbound.Registration;
using AspireGateway.Gateway.Targets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>What the gateway asks for when it registers itself, and what it makes of the answer.</summary>
public sealed class DynamicRegistrationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_asks_for_the_best_authentication_that_the_server_knows()
    {
        await using var host = await ConsentHost.StartAsync();
        (string[] Known, string Asked)[] servers =
        [
            ([], "client_secret_basic"),
            (["none", "client_secret_post", "client_secret_basic"], "client_secret_basic"),
            (["none", "client_secret_post"], "client_secret_post"),
            (["none"], "none"),
            (["private_key_jwt"], "none"),
        ];

        foreach (var (known, asked) in servers)
        {
            (await RegisterAsync(host, known: known)).Problem.ShouldBeNull();

            var body = JsonNode.Parse(host.ThirdParty.RequestsOf("/register")[^1].Body)!;
            body["token_endpoint_auth_method"]!.GetValue<string>().ShouldBe(asked);
        }

        host.ThirdParty.RequestsOf("/register")[^1].Headers["Accept"].ShouldBe("application/json");
    }

    [Fact]
    public async Task The_servers_answer_says_how_the_gateway_authenticates()
    {
        await using var host = await ConsentHost.StartAsync();
        (string Answer, ClientAuthMethod Method)[] answers =
        [
            ("""{"client_id":"x","client_secret":"s"}""", ClientAuthMethod.ClientSecretBasic),
            (
                """{"client_id":"x","client_secret":"s","token_endpoint_auth_method":"client_secret_post"}""",
                ClientAuthMethod.ClientSecretPost
            ),
            ("""{"client_id":"x","client_secret":"s","token_endpoint_auth_method":"magic"}""", ClientAuthMethod.None),
            ("""{"client_id":"x"}""", ClientAuthMethod.None),
            ("""{"client_id":"x","token_endpoint_auth_method":"client_secret_post"}""", ClientAuthMethod.None),
        ];

        foreach (var (answer, method) in answers)
        {
            Answer(host, StatusCodes.Status200OK, answer);

            var registration = (await RegisterAsync(host)).Value.ShouldNotBeNull();

            registration.ClientId.ShouldBe("x");
            registration.AuthMethod.ShouldBe(method);
            (registration.ClientSecret is not null).ShouldBe(
                answer.Contains("client_secret\"", StringComparison.Ordinal)
            );
        }
    }

    [Fact]
    public async Task Without_a_good_answer_there_is_no_registration_and_the_next_flow_asks_again()
    {
        await using var host = await ConsentHost.StartAsync();
        (int Status, string Answer)[] answers =
        [
            (400, """{"client_id":"x"}"""),
            (202, """{"client_id":"x"}"""),
            (201, """{"client_id":""}"""),
            (201, """{"client_secret":"s"}"""),
            (201, "not json"),
        ];
        var issuer = NewIssuer();
        foreach (var (status, answer) in answers)
        {
            Answer(host, status, answer);

            var registered = await RegisterAsync(host, issuer);

            registered.Problem.ShouldNotBeNull().Reason.ShouldBe(ErrorCodes.RegistrationFailed);
            host.Gateway.Logs.Text.ShouldContain("Register the gateway there by hand");
        }

        Answer(host, StatusCodes.Status201Created, """{"client_id":"x"}""");
        (await RegisterAsync(host, issuer)).Value.ShouldNotBeNull().ClientId.ShouldBe("x");
        host.ThirdParty.RequestsOf("/register").Count.ShouldBe(answers.Length + 1);
    }

    [Fact]
    public async Task A_server_that_is_not_there_registers_nobody()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ThirdParty.StopAsync();

        var registered = await RegisterAsync(host);

        registered.Problem.ShouldNotBeNull().Reason.ShouldBe(ErrorCodes.RegistrationFailed);
    }

    [Theory]
    [InlineData("3600", 2)]
    [InlineData("-1", 1)]
    [InlineData("never", 1)]
    [InlineData("no calendar", 1)]
    public async Task A_registration_lasts_as_long_as_its_secret(string life, int registrations)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await ConsentHost.StartAsync(time);
        var ends = life switch
        {
            "never" => 0,
            "no calendar" => long.MaxValue,
            _ => time.GetUtcNow().ToUnixTimeSeconds()
                + long.Parse(life, System.Globalization.CultureInfo.InvariantCulture),
        };
        Answer(
            host,
            StatusCodes.Status201Created,
            $$"""{"client_id":"x","client_secret":"s","client_secret_expires_at":{{ends}}}"""
        );
        var issuer = NewIssuer();
        (await RegisterAsync(host, issuer)).Value.ShouldNotBeNull();
        time.Advance(TimeSpan.FromMinutes(59));
        (await RegisterAsync(host, issuer)).Value.ShouldNotBeNull();
        host.ThirdParty.RequestsOf("/register").Count.ShouldBe(1);

        time.Advance(TimeSpan.FromMinutes(2));
        (await RegisterAsync(host, issuer)).Value.ShouldNotBeNull();

        host.ThirdParty.RequestsOf("/register").Count.ShouldBe(registrations);
    }

    [Theory]
    [InlineData(204, true)]
    [InlineData(200, false)]
    [InlineData(401, false)]
    public async Task A_forgotten_registration_is_deleted_where_the_server_says_so(int status, bool isDeleted)
    {
        await using var host = await ConsentHost.StartAsync();
        host.ThirdParty.Behaviour.ManagesRegistrations = true;
        var registration = (await RegisterAsync(host)).Value.ShouldNotBeNull();
        host.ThirdParty.Behaviour.Override = (context, request) =>
        {
            context.Response.StatusCode = status;
            return Task.FromResult(request.Path.StartsWith("/clients/", StringComparison.Ordinal));
        };

        var forgotten = await ForgetAsync(host);

        forgotten.ShouldHaveSingleItem().ClientId.ShouldBe(registration.ClientId);
        forgotten[0].Deleted.ShouldBe(isDeleted);
        var request = host.ThirdParty.RequestsOf("/clients/" + registration.ClientId).ShouldHaveSingleItem();
        request.Method.ShouldBe("DELETE");
        request.Headers["Authorization"].ShouldBe("Bearer management-of-" + registration.ClientId);
        (await ForgetAsync(host)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"client_id":"x"}""")]
    [InlineData("""{"client_id":"x","registration_client_uri":"/clients/x","registration_access_token":7}""")]
    [InlineData("""{"client_id":"x","registration_client_uri":"https://127.0.0.1:1/clients/x"}""")]
    [InlineData(
        """{"client_id":"x","registration_client_uri":"https://127.0.0.1:1/clients/x","registration_access_token":"t"}"""
    )]
    public async Task A_registration_that_cannot_be_deleted_there_is_forgotten_here(string answer)
    {
        await using var host = await ConsentHost.StartAsync();
        Answer(host, StatusCodes.Status201Created, answer);
        await RegisterAsync(host);

        (await ForgetAsync(host)).ShouldHaveSingleItem().Deleted.ShouldBeFalse();
    }

    private static string NewIssuer() => $"https://{Guid.NewGuid():N}.example";

    private static void Answer(ConsentHost host, int status, string answer) =>
        host.ThirdParty.Behaviour.Override = async (context, request) =>
        {
            if (request.Path != "/register")
            {
                return false;
            }

            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer);
            return true;
        };

    private static Task<Outcome<ClientRegistration>> RegisterAsync(
        ConsentHost host,
        string? issuer = null,
        string[]? known = null
    ) =>
        host
            .Gateway.Services.GetRequiredService<DynamicRegistration>()
            .ForAsync(
                Notes(host),
                new AuthorizationServer
                {
                    Issuer = issuer ?? NewIssuer(),
                    AuthorizationEndpoint = new Uri(host.ThirdParty.BaseUrl + "/authorize"),
                    TokenEndpoint = new Uri(host.ThirdParty.BaseUrl + "/token"),
                    RegistrationEndpoint = new Uri(host.ThirdParty.BaseUrl + "/register"),
                    TokenEndpointAuthMethods = known ?? [],
                    Resource = host.Notes.Url,
                },
                Cancel
            );

    private static Task<IReadOnlyList<ForgottenRegistration>> ForgetAsync(ConsentHost host) =>
        host.Gateway.Services.GetRequiredService<RegisteredClients>().ForgetAsync(Notes(host).Name, Cancel);

    private static Target Notes(ConsentHost host) =>
        host
            .Gateway.Services.GetRequiredService<TargetRegistry>()
            .All.Single(static target => target.Name.Value == "notes");
}
