using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.IntegrationTests.Systems;

/// <summary>What an administrator does in Keycloak's console, through its admin API.</summary>
internal sealed class KeycloakAdmin : IDisposable
{
    private readonly HttpClient _http;

    private KeycloakAdmin(HttpClient http) => _http = http;

    /// <summary>Signs in as the administrator of the whole server.</summary>
    public static async Task<KeycloakAdmin> SignInAsync(Uri issuer, CancellationToken cancel)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(issuer, "/") };
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["grant_type"] = "password",
                ["client_id"] = "admin-cli",
                ["username"] = "admin",
                ["password"] = KeycloakOfThisMachine.AdminPassword,
            }
        );
        using var answer = await http.PostAsync("realms/master/protocol/openid-connect/token", form, cancel);
        answer.EnsureSuccessStatusCode();
        var token = (await answer.Content.ReadFromJsonAsync<JsonObject>(cancel))!;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            (string)token["access_token"]!
        );
        return new KeycloakAdmin(http);
    }

    /// <summary>Adds a key that the realm signs with from now on; the older ones stay published.</summary>
    public async Task AddSigningKeyAsync(string realm, CancellationToken cancel)
    {
        var description = (await _http.GetFromJsonAsync<JsonObject>($"admin/realms/{realm}", cancel))!;
        var provider = new JsonObject
        {
            ["name"] = "rotated",
            ["providerId"] = "rsa-generated",
            ["providerType"] = "org.keycloak.keys.KeyProvider",
            ["parentId"] = (string)description["id"]!,
            ["config"] = new JsonObject
            {
                ["priority"] = new JsonArray(int.MaxValue.ToString(CultureInfo.InvariantCulture)),
                ["enabled"] = new JsonArray("true"),
                ["active"] = new JsonArray("true"),
                ["algorithm"] = new JsonArray("RS256"),
            },
        };
        using var answer = await _http.PostAsJsonAsync($"admin/realms/{realm}/components", provider, cancel);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();
}
