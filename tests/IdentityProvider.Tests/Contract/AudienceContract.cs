using AspireGateway.TestKit;

namespace AspireGateway.IdentityProvider.Tests.Contract;

public abstract partial class IdentityProviderContract
{
    [Theory]
    [InlineData("")]
    [InlineData("/weather")]
    public async Task The_requested_resource_is_in_the_audience(string path)
    {
        using var client = await CorpClientAsync();
        var resource = Provider.GatewayResource + path;

        var token = await SignInAsync(client, resource: resource);

        var audience = token.AccessTokenClaims.Strings("aud");
        audience.ShouldContain(resource);
        if (Provider.HonoursResource)
        {
            audience.ShouldBe([resource]);
        }
    }

    [Fact]
    public async Task Without_a_resource_the_scopes_decide_the_audience()
    {
        using var client = await CorpClientAsync();

        var withScope = await SignInAsync(client, scope: "openid mcp:tools");
        var without = await SignInAsync(client, scope: "openid profile");

        withScope.AccessTokenClaims.Strings("aud").ShouldContain(Provider.GatewayResource);
        without.AccessTokenClaims.Strings("aud").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("https://evil.example/mcp")]
    [InlineData("http://localhost:5180/mcpx")]
    public async Task An_unknown_resource_never_gets_into_the_audience(string resource)
    {
        using var client = await CorpClientAsync();
        var request = client.Authorize(ToolScopes, resource);

        var callback = await AuthorizeAsync(client, request);

        if (callback.Code is null)
        {
            callback.Error.ShouldBe("invalid_target");
            callback.Issuer.ShouldBe(Provider.Corp.OriginalString);
            return;
        }

        Provider.HonoursResource.ShouldBeFalse("a provider that knows resources refuses unknown ones");
        var token = await client.ExchangeAsync(callback.Code, request.Verifier, resource, Stop);
        token.AccessTokenClaims.Strings("aud").ShouldNotContain(resource);
    }

    [Theory]
    [InlineData("carol", true)]
    [InlineData("alice", false)]
    public async Task Only_the_admin_gets_the_admin_scope(string user, bool granted)
    {
        using var client = await CorpClientAsync();

        var token = await SignInAsync(client, user, "openid mcp:tools mcp:admin");

        var scopes = ((string)token.AccessTokenClaims["scope"]!).Split(' ');
        scopes.ShouldContain("mcp:tools");
        scopes.Contains("mcp:admin", StringComparer.Ordinal).ShouldBe(granted);
    }
}
