using System.Net;
using System.Text.Json.Nodes;
using AspireGateway.TestKit;

namespace AspireGateway.IdentityProvider.Tests.Embedded;

public sealed class RestartTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("idp-tests-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Registrations_grants_keys_and_sessions_survive_a_restart()
    {
        using var browser = new Browser();
        var first = await EmbeddedProvider.StartAsync(dataDirectory: _folder.FullName);
        using var client = await OAuthClient.DiscoverAsync(first.Issuer, Stop);
        client.ClientId = await RegisterAsync(client);
        var token = await client.GetTokenAsync(
            browser,
            "alice",
            EmbeddedProvider.Password,
            "openid mcp:tools",
            null,
            Stop
        );
        await first.DisposeAsync();

        await using var second = await EmbeddedProvider.StartAsync(dataDirectory: _folder.FullName, port: first.Port);
        var refreshed = await client.RefreshAsync(token.RefreshToken, cancellationToken: Stop);
        var page = await browser.OpenAsync(client.Authorize("openid mcp:tools").Url, client.RedirectUri, Stop);

        refreshed.Status.ShouldBe(HttpStatusCode.OK);
        ((string)Jwt.Header(refreshed.AccessToken)["kid"]!).ShouldBe((string)Jwt.Header(token.AccessToken)["kid"]!);
        page.Location.ShouldNotBeNull("alice is still signed in, and her consent is remembered");
    }

    [Fact]
    public async Task A_used_refresh_token_stays_used_after_a_restart()
    {
        using var browser = new Browser();
        var first = await EmbeddedProvider.StartAsync(dataDirectory: _folder.FullName);
        using var client = await OAuthClient.DiscoverAsync(first.Issuer, Stop);
        var token = await client.GetTokenAsync(
            browser,
            "alice",
            EmbeddedProvider.Password,
            "openid mcp:tools",
            null,
            Stop
        );
        var rotated = await client.RefreshAsync(token.RefreshToken, cancellationToken: Stop);
        await first.DisposeAsync();

        await using var second = await EmbeddedProvider.StartAsync(dataDirectory: _folder.FullName, port: first.Port);
        var reused = await client.RefreshAsync(token.RefreshToken, cancellationToken: Stop);
        var newest = await client.RefreshAsync(rotated.RefreshToken, cancellationToken: Stop);

        reused.Error.ShouldBe("invalid_grant");
        newest.Error.ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task Without_a_folder_everything_is_gone()
    {
        using var browser = new Browser();
        var first = await EmbeddedProvider.StartAsync();
        using var client = await OAuthClient.DiscoverAsync(first.Issuer, Stop);
        var token = await client.GetTokenAsync(
            browser,
            "alice",
            EmbeddedProvider.Password,
            "openid mcp:tools",
            null,
            Stop
        );
        await first.DisposeAsync();

        await using var second = await EmbeddedProvider.StartAsync(port: first.Port);
        var refused = await client.RefreshAsync(token.RefreshToken, cancellationToken: Stop);

        refused.Error.ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task Two_realms_share_a_folder_but_no_key()
    {
        await using var corp = await EmbeddedProvider.StartAsync("corp", _folder.FullName);
        await using var partner = await EmbeddedProvider.StartAsync("partner", _folder.FullName);

        var keys = _folder.GetFiles("signing-key.pem", SearchOption.AllDirectories);

        keys.Select(static file => File.ReadAllText(file.FullName))
            .Distinct(StringComparer.Ordinal)
            .Count()
            .ShouldBe(2);
    }

    [Fact]
    public async Task Nobody_else_on_the_machine_can_read_the_keys()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no Unix file modes.");
        await using var provider = await EmbeddedProvider.StartAsync(dataDirectory: _folder.FullName);

        var entries = _folder.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).ToList();

        entries.ShouldContain(static entry => entry.Name == "signing-key.pem");
        const UnixFileMode others =
            UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        entries
            .Where(static entry => entry is FileInfo || entry.Name == "corp")
            .ShouldAllBe(static entry => (entry.UnixFileMode & others) == UnixFileMode.None);
    }

    private static async Task<string> RegisterAsync(OAuthClient client)
    {
        var metadata = new JsonObject
        {
            ["redirect_uris"] = new JsonArray(client.RedirectUri.OriginalString),
            ["token_endpoint_auth_method"] = "none",
        };
        var (_, body) = await client.RegisterAsync(metadata, Stop);
        return (string)body["client_id"]!;
    }
}
