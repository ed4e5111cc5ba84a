using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AspireGateway.LocalHosting;
using AspireGateway.LocalHosting.Testing;
using AspireGateway.TestKit;

namespace AspireGateway.ReplicaTrials.Cluster;

/// <summary>The AppHost's realm <c>partner</c>, whoever plays it on this machine: Keycloak, or the embedded provider.</summary>
internal sealed class RealmThirdParty : ThirdParty
{
    private const string Keycloak = "keycloak";
    private const string Embedded = "partner";
    private const string Secret = "gateway-secret-for-trials";
    private const string AdminPassword = "admin-password-for-trials";

    private readonly DistributedApplication _app;
    private readonly string _data;
    private readonly bool _isKeycloak;
    private JsonObject _metadata = [];
    private int _people;

    private RealmThirdParty(DistributedApplication app, string data, bool isKeycloak) =>
        (_app, _data, _isKeycloak) = (app, data, isKeycloak);

    public override string Name => _isKeycloak ? "Keycloak" : "the embedded identity provider";

    public override string Issuer => _metadata["issuer"]!.ToString();

    public override Uri AuthorizationEndpoint => new(_metadata["authorization_endpoint"]!.ToString());

    public override Uri TokenEndpoint => new(_metadata["token_endpoint"]!.ToString());

    public override string ClientId => "aspire-gateway";

    public override string ClientSecret => Secret;

    public static async Task<RealmThirdParty> StartAsync(
        Uri gateway,
        string notes,
        TimeSpan tokenLife,
        CancellationToken cancel
    )
    {
        var data = Directory.CreateTempSubdirectory("replica-trial-").FullName;
        var isKeycloak = Environment.GetEnvironmentVariable("KEYCLOAK_HOME") is { Length: > 0 };
        var model = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [
                $"--IdentityProvider={(isKeycloak ? "keycloak" : "embedded")}",
                $"--DataFolder={data}",
                $"--Parameters:keycloak-admin-password={AdminPassword}",
                $"--Parameters:gateway-client-secret={Secret}",
            ],
            cancel
        );
        foreach (var resource in Part<ProjectResource>.AllOf(model))
        {
            if (resource.Resource.Name is Embedded)
            {
                resource
                    .WithEnvironment("IdentityProvider__GatewayPublicUrl", Text(gateway))
                    .WithEnvironment("IdentityProvider__NotesPublicUrl", notes)
                    .WithEnvironment("IdentityProvider__AccessTokenLifetime", tokenLife.ToString());
            }
            else
            {
                resource.WithExplicitStart();
            }
        }

        foreach (var resource in Part<ExecutableResource>.AllOf(model))
        {
            resource.WithEnvironment("GATEWAY_PUBLIC_URL", Text(gateway)).WithEnvironment("NOTES_PUBLIC_URL", notes);
        }

        var app = await model.BuildAsync(cancel);
        await app.StartAsync(cancel);
        var party = new RealmThirdParty(app, data, isKeycloak);
        await party.PrepareAsync(tokenLife, cancel);
        return party;
    }

    /// <summary>Signs in as one of the realm's people and allows what is asked.</summary>
    public override async Task<BrowserPage> PassAsync(
        Browser browser,
        BrowserPage page,
        Uri callback,
        CancellationToken cancel
    )
    {
        if (page.FindForm("password") is not null)
        {
            var credentials = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["username"] = Interlocked.Increment(ref _people) % 2 == 0 ? "alice.p" : "bob.p",
                ["password"] = "demo",
            };
            page = await browser.SubmitAsync(page, "password", credentials, callback, cancel);
        }

        return page.FindForm("accept") is null
            ? page
            : await browser.SubmitAsync(page, "accept", stopAt: callback, cancellationToken: cancel);
    }

    public override async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    private async Task PrepareAsync(TimeSpan tokenLife, CancellationToken cancel)
    {
        var name = _isKeycloak ? Keycloak : Embedded;
        await _app.ResourceNotifications.WaitForResourceHealthyAsync(name, cancel);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = _app.GetEndpoint(name, "http"),
        };
        if (_isKeycloak)
        {
            await SetTokenLifeAsync(http, tokenLife, cancel);
        }

        _metadata = (
            await http.GetFromJsonAsync<JsonObject>("realms/partner/.well-known/openid-configuration", cancel)
        )!;
    }

    private static async Task SetTokenLifeAsync(HttpClient http, TimeSpan life, CancellationToken cancel)
    {
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["grant_type"] = "password",
                ["client_id"] = "admin-cli",
                ["username"] = "admin",
                ["password"] = AdminPassword,
            }
        );
        using var answer = await http.PostAsync("realms/master/protocol/openid-connect/token", form, cancel);
        var token = (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(cancel))!;
        using var request = new HttpRequestMessage(HttpMethod.Put, "admin/realms/partner")
        {
            Content = JsonContent.Create(new JsonObject { ["accessTokenLifespan"] = (int)life.TotalSeconds }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token["access_token"]!.ToString());
        using var changed = await http.SendAsync(request, cancel);
        changed.EnsureSuccessStatusCode();
    }

    private static string Text(Uri url) => url.GetLeftPart(UriPartial.Authority);

    /// <summary>A resource of the model that the AppHost wrote, to say more about it.</summary>
    private sealed record Part<T>(IDistributedApplicationBuilder ApplicationBuilder, T Resource) : IResourceBuilder<T>
        where T : IResource
    {
        public static IEnumerable<Part<T>> AllOf(IDistributedApplicationBuilder model) =>
            model.Resources.OfType<T>().Select(resource => new Part<T>(model, resource));
    }
}
