using System.Diagnostics;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Outbound;
using AspireGateway.Gateway.Outbound.Discovery;
using AspireGateway.Gateway.Outbound.Registration;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Credentials;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Tests.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>How the gateway becomes known to an authorization server, what it keeps of that, and how it ends.</summary>
public sealed class RegistrationTests : FakeWebTests
{
    private const string Endpoint = "https://id.example/register";
    private const string Management = "https://id.example/register/1";

    private readonly OutboundOptions _outbound = new() { ClientName = "A gateway" };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Answer(new JsonObject { ["client_id"] = "client-1", ["client_secret"] = "secret-1" });
    }

    [Fact]
    public async Task The_gateway_says_who_it_is_and_where_people_come_back_to()
    {
        (await Registrations().ForAsync(Notes(), Server(), Cancel)).Value.ShouldNotBeNull();

        var (message, body) = Web.Requests.ShouldHaveSingleItem();
        message.Method.ShouldBe(HttpMethod.Post);
        message.Headers.Accept.ToString().ShouldBe("application/json");
        var said = JsonNode.Parse(body)!.AsObject();
        said["client_name"]!.GetValue<string>().ShouldBe("A gateway");
        said["client_uri"]!.GetValue<string>().ShouldBe("https://gateway.example");
        said["redirect_uris"]!.ToJsonString().ShouldBe("""["https://gateway.example/connect/callback/notes"]""");
        said["grant_types"]!.ToJsonString().ShouldBe("""["authorization_code","refresh_token"]""");
        said["response_types"]!.ToJsonString().ShouldBe("""["code"]""");
        said["application_type"]!.GetValue<string>().ShouldBe("web");
        said["token_endpoint_auth_method"]!.GetValue<string>().ShouldBe("client_secret_basic");
    }

    [Fact]
    public async Task It_registers_once_for_each_target_and_server()
    {
        var registrations = Registrations();
        for (var i = 0; i < 2; i++)
        {
            (await registrations.ForAsync(Notes(), Server(), Cancel)).Value!.ClientId.ShouldBe("client-1");
        }

        Web.Requests.Count.ShouldBe(1);
        await registrations.ForAsync(Notes("other"), Server(), Cancel);
        await registrations.ForAsync(Notes(), Server() with { Issuer = "https://elsewhere.example" }, Cancel);
        Web.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Of_replicas_that_register_at_once_all_use_what_was_stored_first()
    {
        var first = Registrations();
        Web.Answer(
            Endpoint,
            async (_, _) =>
            {
                Answer(new JsonObject { ["client_id"] = "faster" });
                await first.ForAsync(Notes(), Server(), Cancel);
                return new HttpResponseMessage(System.Net.HttpStatusCode.Created)
                {
                    Content = new StringContent("""{"client_id":"slower"}"""),
                };
            }
        );

        (await Registrations().ForAsync(Notes(), Server(), Cancel)).Value!.ClientId.ShouldBe("faster");
        Web.Requests.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(typeof(HttpRequestException), true)]
    [InlineData(typeof(IOException), true)]
    [InlineData(typeof(OperationCanceledException), false)]
    public async Task A_server_that_is_not_there_is_a_problem_and_who_leaves_hears_nothing(Type type, bool isProblem)
    {
        Web.Answer(Endpoint, (_, _) => throw (Exception)Activator.CreateInstance(type)!);

        var registering = Registrations().ForAsync(Notes(), Server(), Cancel);

        if (isProblem)
        {
            (await registering).Problem!.Reason.ShouldBe(ErrorCodes.RegistrationFailed);
        }
        else
        {
            await Should.ThrowAsync<OperationCanceledException>(registering);
        }
    }

    [Fact]
    public async Task A_registration_is_a_span_with_the_reason_where_it_failed()
    {
        using var spans = new RecordedSpans();
        await Registrations().ForAsync(Notes("fine"), Server(), Cancel);
        await Registrations().ForAsync(Notes("fine"), Server(), Cancel);
        Web.Forget(Endpoint);
        await Registrations().ForAsync(Notes("refused"), Server(), Cancel);

        var fine = spans.All.Single(static span => (string?)span.GetTagItem(Tags.Target) == "fine");
        fine.OperationName.ShouldBe(Spans.Register);
        fine.Kind.ShouldBe(ActivityKind.Client);
        fine.Status.ShouldBe(ActivityStatusCode.Unset);
        spans
            .All.Single(static span => (string?)span.GetTagItem(Tags.Target) == "refused")
            .GetTagItem(Tags.Reason)
            .ShouldBe(ErrorCodes.RegistrationFailed);
    }

    [Theory]
    [InlineData("", "", "", "", "", nameof(ClientAuthMethod.None))]
    [InlineData("", "secret", "", "", "", nameof(ClientAuthMethod.ClientSecretBasic))]
    [InlineData("client_secret_post", "secret", "", "", "", nameof(ClientAuthMethod.ClientSecretPost))]
    [InlineData(
        "",
        "secret",
        "",
        "",
        "client_secret_post client_secret_basic",
        nameof(ClientAuthMethod.ClientSecretBasic)
    )]
    [InlineData("", "secret", "", "", "client_secret_post", nameof(ClientAuthMethod.ClientSecretPost))]
    [InlineData("", "secret", "key.pem", "", "", nameof(ClientAuthMethod.PrivateKeyJwt))]
    [InlineData("", "", "", "pem", "client_secret_basic", nameof(ClientAuthMethod.PrivateKeyJwt))]
    [InlineData("client_secret_basic", "secret", "key.pem", "", "", nameof(ClientAuthMethod.ClientSecretBasic))]
    public async Task Registered_by_hand_it_authenticates_as_the_settings_say_or_as_what_they_hold_allows(
        string method,
        string secret,
        string keyFile,
        string key,
        string offered,
        string expected
    )
    {
        var target = Notes(
            settings: new AuthorizationCodeOptions
            {
                ClientId = "by-hand",
                TokenEndpointAuthMethod = method,
                ClientSecret = secret,
                PrivateKeyFile = keyFile,
                PrivateKey = key,
                PrivateKeyId = keyFile,
            }
        );
        var server = Server(offered.Split(' ', StringSplitOptions.RemoveEmptyEntries)) with
        {
            AcceptsMetadataDocuments = true,
        };

        var client = (await Registrations().ForAsync(target, server, Cancel)).Value.ShouldNotBeNull();

        client.ClientId.ShouldBe("by-hand");
        client.AuthMethod.ToString().ShouldBe(expected);
        (client.ClientSecret?.Reveal()).ShouldBe(secret.Length > 0 ? secret : null);
        client.PrivateKeyFile.ShouldBe(keyFile.Length > 0 ? keyFile : null);
        client.PrivateKeyId.ShouldBe(keyFile.Length > 0 ? keyFile : null);
        (client.PrivateKey?.Reveal()).ShouldBe(key.Length > 0 ? key : null);
        Web.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", "https://gateway.example/connect/client.json")]
    [InlineData("https://elsewhere.example/client.json", "https://elsewhere.example/client.json")]
    public async Task A_server_that_reads_metadata_documents_is_given_the_url_of_one(string setting, string expected)
    {
        _outbound.ClientMetadataDocument = setting;

        var client = await Registrations().ForAsync(Notes(), Server() with { AcceptsMetadataDocuments = true }, Cancel);

        client.Value!.ClientId.ShouldBe(expected);
        client.Value.AuthMethod.ShouldBe(ClientAuthMethod.None);
        Web.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_there_is_no_way_the_administrator_is_told_what_to_do()
    {
        var found = await Registrations().ForAsync(Notes(), Server() with { RegistrationEndpoint = null }, Cancel);

        found.Problem!.Reason.ShouldBe(ErrorCodes.NoRegistration);
        found.Problem.Message.ShouldContain("https://gateway.example/connect/callback/notes");
    }

    [Theory]
    [InlineData(null, Management)]
    [InlineData("token-1", null)]
    [InlineData("token-1", "not a URL")]
    public async Task Where_the_server_has_no_place_for_it_the_registration_is_forgotten_here_alone(
        string? token,
        string? url
    )
    {
        await RegisterAsync(token, url);
        var kept = (await Clients().ListAsync(Notes().Name, Cancel)).ShouldHaveSingleItem();
        kept.ManagementToken.ShouldBe(token);
        kept.ToString().ShouldBe("[redacted]");

        (await Clients().ForgetAsync(Notes().Name, Cancel)).ShouldHaveSingleItem().Deleted.ShouldBeFalse();

        Web.Requests.Count.ShouldBe(1);
        (await Clients().ListAsync(Notes().Name, Cancel)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(typeof(HttpRequestException), true)]
    [InlineData(typeof(IOException), true)]
    [InlineData(typeof(OperationCanceledException), true)]
    [InlineData(typeof(NotSupportedException), false)]
    public async Task A_server_that_is_not_there_stops_nobody_from_forgetting(Type type, bool isServer)
    {
        await RegisterAsync("token-1", Management);
        Web.Answer(Management, (_, _) => throw (Exception)Activator.CreateInstance(type)!);

        var forgetting = Clients().ForgetAsync(Notes().Name, Cancel);

        if (isServer)
        {
            (await forgetting).ShouldHaveSingleItem().Deleted.ShouldBeFalse();
        }
        else
        {
            (await Should.ThrowAsync<Exception>(forgetting)).ShouldBeOfType(type);
        }
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_waited_for_for_ten_seconds()
    {
        await RegisterAsync("token-1", Management);
        var arrived = new TaskCompletionSource();
        Web.Answer(
            Management,
            async (_, cancel) =>
            {
                arrived.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
                throw new UnreachableException();
            }
        );

        var forgetting = Clients().ForgetAsync(Notes().Name, Cancel);
        await arrived.Task.SoonAsync();
        Time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        forgetting.IsCompleted.ShouldBeFalse();
        Time.Advance(TimeSpan.FromTicks(1));

        (await forgetting.SoonAsync()).ShouldHaveSingleItem().Deleted.ShouldBeFalse();
    }

    private async Task RegisterAsync(string? token, string? url)
    {
        Answer(
            new JsonObject
            {
                ["client_id"] = "client-1",
                ["registration_client_uri"] = url,
                ["registration_access_token"] = token,
            }
        );
        (await Registrations().ForAsync(Notes(), Server(), Cancel)).Value.ShouldNotBeNull();
    }

    private void Answer(JsonObject body, int status = 201) => Web.Answer(Endpoint, body, status);

    private ClientRegistrations Registrations()
    {
        var gateway = Options.Create(new GatewayOptions { PublicUrl = "https://gateway.example/" });
        var outbound = Options.Create(_outbound);
        var dynamic = new DynamicRegistration(
            Web.Documents,
            Replica.Records,
            gateway,
            outbound,
            Time,
            NullLogger<DynamicRegistration>.Instance
        );
        return new ClientRegistrations(dynamic, gateway, outbound);
    }

    private RegisteredClients Clients() =>
        new(Web.Documents, Replica.Records, Time, NullLogger<RegisteredClients>.Instance);

    private static Target Notes(string name = "notes", AuthorizationCodeOptions? settings = null)
    {
        TargetName.TryParse(name, out var parsed).ShouldBeTrue();
        return new Target(
            parsed,
            new Uri("https://notes.example/mcp"),
            CredentialKinds.AuthorizationCode,
            TimeSpan.FromMinutes(1)
        )
        {
            AuthorizationCode = settings ?? new AuthorizationCodeOptions(),
        };
    }

    private static AuthorizationServer Server(params string[] methods) =>
        new()
        {
            Issuer = "https://id.example",
            AuthorizationEndpoint = new Uri("https://id.example/authorize"),
            TokenEndpoint = new Uri("https://id.example/token"),
            RegistrationEndpoint = new Uri(Endpoint),
            TokenEndpointAuthMethods = methods,
            Resource = "https://notes.example/mcp",
        };
}
