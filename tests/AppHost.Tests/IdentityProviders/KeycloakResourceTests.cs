using System.Net;
using System.Net.Sockets;
using AspireGateway.AppHost.Keycloak;
using AspireGateway.Dashboard;
using AspireGateway.LocalHosting.Testing;

namespace AspireGateway.AppHost.Tests.IdentityProviders;

/// <summary>The resource in a running system, with a stand-in for Keycloak.</summary>
public sealed class KeycloakResourceTests
{
    // As Keycloak 26.7.1 writes them, with the format that it is given.
    private const string ImportFails = """
        echo 'INFO  [o.k.services] KC-SERVICES0030: Full model import requested. Strategy: IGNORE_EXISTING'
        echo 'ERROR [o.k.q.r.c.ExecutionExceptionHandler] ERROR: Unrecognized field "enabeld"'
        exit 1
        """;

    [Fact]
    public async Task A_mistake_in_a_realm_file_shows_Keycloaks_own_line_and_what_to_fix()
    {
        FakeKeycloak.SkipOnWindows();
        using var keycloak = new FakeKeycloak(FakeKeycloak.Compiles + "\n" + ImportFails);
        await using var running = await StartAsync(keycloak);

        var ended = await running.EndAsync("keycloak");

        ended.State.ShouldBe(ResourceState.Exited);
        var lines = Lines(running);
        lines[^2].ShouldEndWith("ERROR: Unrecognized field \"enabeld\"");
        lines[^1]
            .ShouldStartWith(
                $"A realm file has a mistake: change what the ERROR line names in {keycloak.RealmsFolder}."
            );
        running.App.Engine.Failed.ShouldBeTrue();
    }

    [Fact]
    public async Task What_Keycloak_is_given_names_its_own_address_and_those_that_it_protects()
    {
        FakeKeycloak.SkipOnWindows();
        using var keycloak = new FakeKeycloak(
            FakeKeycloak.Compiles
                + "\necho \"$KC_HOSTNAME $GATEWAY_PUBLIC_URL $NOTES_PUBLIC_URL $DEMO_PASSWORD\"; exit 3"
        );
        await using var running = await StartAsync(keycloak);
        await running.EndAsync("keycloak");

        var own = Url(running, "keycloak", "http");
        Lines(running)[^1].ShouldBe($"{own} {Url(running, "gateway", "http")} {own} demo");
    }

    [Fact]
    public async Task A_Keycloak_that_cannot_compile_itself_fails_to_start_and_says_why()
    {
        FakeKeycloak.SkipOnWindows();
        using var keycloak = new FakeKeycloak("echo \"'cimd' is an unrecognized feature.\"; exit 2");
        await using var running = await StartAsync(keycloak);

        var ended = await running.EndAsync("keycloak");

        ended.State.ShouldBe(ResourceState.FailedToStart);
        ended
            .Detail.ShouldNotBeNull()
            .ShouldContain("'cimd' is an unrecognized feature. This Keycloak lacks a feature");
    }

    [Fact]
    public async Task Its_port_in_use_is_named_before_anything_starts()
    {
        using var keycloak = new FakeKeycloak();
        using var other = new TcpListener(IPAddress.Loopback, KeycloakExecutable.Port);
        try
        {
            other.Start();
        }
        catch (SocketException)
        {
            // Somebody else has it already; so much the better.
        }

        var refused = await Should.ThrowAsync<DistributedApplicationException>(() =>
            StartAsync(keycloak, "--DcpPublisher:RandomizePorts=false")
        );

        refused.Message.ShouldContain($"Port {KeycloakExecutable.Port}, which 'keycloak' needs, is in use.");
        keycloak.Compilations.ShouldBe(0);
    }

    private static Task<Running> StartAsync(FakeKeycloak keycloak, params string[] args) =>
        Running.StartAsync(
            builder =>
            {
                var gateway = builder.AddExecutable("gateway", "none", ".").WithHttpEndpoint().WithExplicitStart();
                var identity = builder.AddKeycloak(
                    keycloak.Installation,
                    keycloak.Realms,
                    builder.AddParameter("demo-password", "demo"),
                    builder.AddParameter("gateway-client-secret", "secret", secret: true)
                );
                identity.Corp.Protects(gateway.GetEndpoint("http"));
            },
            [$"--DataFolder={Path.GetDirectoryName(keycloak.Overlay)}", $"--CacheFolder={keycloak.Cache}", .. args]
        );

    private static string Url(Running running, string resource, string endpoint) =>
        running.App.GetEndpoint(resource, endpoint).GetLeftPart(UriPartial.Authority);

    private static List<string> Lines(Running running) =>
        [.. running.App.Engine.Board.GetLogs("keycloak", 50).Select(static line => line.Text)];
}
