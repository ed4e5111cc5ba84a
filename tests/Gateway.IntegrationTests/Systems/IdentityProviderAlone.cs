using AspireGateway.LocalHosting;
using AspireGateway.LocalHosting.Testing;

namespace AspireGateway.Gateway.IntegrationTests.Systems;

/// <summary>The AppHost's identity provider without the rest of the system; both kinds in the same way.</summary>
internal sealed class IdentityProviderAlone : IAsyncDisposable
{
    private readonly DistributedApplication _app;
    private readonly string _data;

    private IdentityProviderAlone(DistributedApplication app, string data, int? port)
    {
        (_app, _data) = (app, data);
        var server = app.GetEndpoint(IsKeycloak(app) ? Keycloak : Embedded, "http");
        Server = port is null ? server : new Uri($"http://localhost:{port}");
    }

    private const string Keycloak = "keycloak";
    private const string Embedded = "corp";

    /// <summary>Where it listens; the embedded provider's realm <c>corp</c>.</summary>
    public Uri Server { get; }

    /// <summary>Starts it.</summary>
    /// <param name="keycloak">Keycloak, or the embedded one.</param>
    /// <param name="gateway">Public URL of the gateway that it issues tokens for.</param>
    /// <param name="notes">Public URL of the notes server.</param>
    /// <param name="port">Its port; by default a free one.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<IdentityProviderAlone> StartAsync(
        bool keycloak,
        string gateway,
        string notes = "http://localhost:1",
        int? port = null,
        CancellationToken cancel = default
    )
    {
        var data = Directory.CreateTempSubdirectory("identity-provider-").FullName;
        var model = keycloak
            ? await KeycloakOfThisMachine.ComposeAsync(data, cancel)
            : await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
                ["--IdentityProvider=embedded", $"--DataFolder={data}"],
                cancel
            );
        foreach (var resource in Written<ProjectResource>.AllOf(model))
        {
            // Everything but the provider has its place in the model, and is never started.
            if (resource.Resource.Name is Embedded)
            {
                Tell(resource, "IdentityProvider__GatewayPublicUrl", gateway);
                Tell(resource, port, "ASPNETCORE_URLS", "IdentityProvider__PublicUrl");
            }
            else
            {
                resource.WithExplicitStart();
            }
        }

        foreach (var resource in Written<ExecutableResource>.AllOf(model))
        {
            Tell(resource, "GATEWAY_PUBLIC_URL", gateway);
            Tell(resource, "NOTES_PUBLIC_URL", notes);
            Tell(resource, port, "KC_HOSTNAME");
            Tell(resource, "KC_HTTP_PORT", port?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        var app = await model.BuildAsync(cancel);
        await app.StartAsync(cancel);
        var provider = new IdentityProviderAlone(app, data, port);
        try
        {
            await provider.UntilReadyAsync(cancel);
            return provider;
        }
        catch
        {
            await provider.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    private static bool IsKeycloak(DistributedApplication app) =>
        app.Model.Resources.Any(static resource => resource.Name is Keycloak);

    private static void Tell<T>(Written<T> resource, int? port, params string[] names)
        where T : IResourceWithEnvironment
    {
        foreach (var name in names)
        {
            Tell(resource, name, port is null ? null : $"http://localhost:{port}");
        }
    }

    // What is said last counts.
    private static void Tell<T>(Written<T> resource, string name, string? value)
        where T : IResourceWithEnvironment
    {
        if (value is not null)
        {
            resource.WithEnvironment(name, value);
        }
    }

    private async Task UntilReadyAsync(CancellationToken cancel)
    {
        if (IsKeycloak(_app))
        {
            await _app.ResourceNotifications.WaitForResourceHealthyAsync(Keycloak, cancel);
            return;
        }

        // Its health check looks at the port of the model.
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Server };
        await Patience.UntilAsync(
            async () => (await http.GetAsync("/health", cancel)).IsSuccessStatusCode,
            "the embedded identity provider answers",
            cancel
        );
    }
}
