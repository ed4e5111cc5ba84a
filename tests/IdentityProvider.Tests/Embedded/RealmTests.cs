using System.Text.Json.Nodes;
using AspireGateway.IdentityProvider.Protocol;
using AspireGateway.IdentityProvider.Realms;
using AspireGateway.TestKit;

namespace AspireGateway.IdentityProvider.Tests.Embedded;

public sealed class RealmTests
{
    [Theory]
    [InlineData("corp")]
    [InlineData("partner")]
    public void The_embedded_realm_and_Keycloaks_are_the_same_to_clients_and_people(string name)
    {
        var file = JsonNode.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "realms", name + "-realm.json"))
        )!;
        var realm = NewRealm(name);

        realm
            .Users.Select(static user => (user.Subject, user.Username, user.GivenName, user.FamilyName, user.Email))
            .ShouldBe(
                file["users"]!
                    .AsArray()
                    .Select(static user =>
                        (
                            Text(user, "id"),
                            Text(user, "username"),
                            Text(user, "firstName"),
                            Text(user, "lastName"),
                            Text(user, "email")
                        )
                    ),
                ignoreOrder: true
            );
        realm
            .Scopes.Select(static scope => scope.Name)
            .ShouldBe(file.AsObject().Strings("defaultOptionalClientScopes").Append("openid"), ignoreOrder: true);
        foreach (var client in file["clients"]!.AsArray().Where(static client => client!["redirectUris"] is not null))
        {
            var id = Expand(Text(client, "clientId"));
            var known = realm.Clients.Single(client => client.ClientId == id);
            known.RedirectUris.ShouldBe(client!.AsObject().Strings("redirectUris").Select(Expand), ignoreOrder: true);
            (known.Secret is null).ShouldBe((bool?)client["publicClient"] ?? false);
            known.AsksForConsent.ShouldBe((bool?)client["consentRequired"] ?? false);
            known.DisplayName.ShouldBe(Text(client, "name"));
        }
    }

    [Theory]
    [InlineData("http://localhost:5180/mcp", true)]
    [InlineData("http://localhost:5180/mcp/weather", true)]
    [InlineData("http://localhost:5180/mcp/", true)]
    [InlineData("http://localhost:5180/mcpx", false)]
    [InlineData("http://localhost:5180", false)]
    [InlineData("HTTP://localhost:5180/mcp", false)]
    [InlineData("http://localhost:5180/mcp/../admin", false)]
    [InlineData("http://localhost:5180/mcp/weather?x=1", false)]
    [InlineData("http://localhost:5180/mcp/weather#x", false)]
    [InlineData("http://localhost:5180/mcp/we%61ther", false)]
    [InlineData("http://localhost:5191/mcp", false)]
    public void A_resource_has_one_spelling(string resource, bool known) =>
        NewRealm("corp").IsResource(resource).ShouldBe(known);

    [Theory]
    [InlineData("http://127.0.0.1/*", "http://127.0.0.1:4711/any/path", true)]
    [InlineData("http://127.0.0.1/*", "http://localhost:4711/any/path", false)]
    [InlineData("http://127.0.0.1/*", "http://127.0.0.1:4711/#x", false)]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:4711/callback", true)]
    [InlineData("http://127.0.0.1:1/callback", "http://127.0.0.1:4711/callback", true)]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:4711/callback?x=1", false)]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:4711/callback/x", false)]
    [InlineData("http://127.0.0.1/callback", "http://x@127.0.0.1:4711/callback", false)]
    [InlineData("http://localhost:5180/connect/callback/*", "http://localhost:5180/connect/callback/notes", true)]
    [InlineData("https://gw.example/connect/callback/*", "https://gw.example/connect/callback/notes", true)]
    [InlineData("https://gw.example/connect/callback/*", "https://gw.example:444/connect/callback/notes", false)]
    [InlineData("https://gw.example/connect/callback/*", "https://gw.example/connect/callback/../../evil", false)]
    [InlineData(
        "https://gw.example/connect/callback/*",
        "https://gw.example/connect/callback/%2e%2e/%2e%2e/evil",
        false
    )]
    [InlineData("https://gw.example/connect/callback/*", "https://evil.example/connect/callback/notes", false)]
    [InlineData("https://client.example/callback", "https://client.example/callback", true)]
    [InlineData("https://client.example/callback", "https://client.example/CALLBACK", false)]
    public void Redirect_URIs_match_as_text_but_for_loopback_ports_and_a_final_star(
        string registered,
        string requested,
        bool matches
    ) => RedirectUris.Match(registered, requested).ShouldBe(matches);

    private static Realm NewRealm(string name) =>
        Realm.From(
            new IdentityProviderOptions
            {
                Realm = name,
                PublicUrl = "http://localhost:5181",
                GatewayPublicUrl = EmbeddedProvider.Gateway,
                NotesPublicUrl = EmbeddedProvider.Notes,
                DemoPassword = EmbeddedProvider.Password,
                GatewayClientSecret = EmbeddedProvider.GatewaySecret,
            }
        );

    private static string Text(JsonNode? node, string member) => (string)node![member]!;

    private static string Expand(string text) =>
        text.Replace("${GATEWAY_PUBLIC_URL}", EmbeddedProvider.Gateway, StringComparison.Ordinal)
            .Replace("${NOTES_PUBLIC_URL}", EmbeddedProvider.Notes, StringComparison.Ordinal);
}
