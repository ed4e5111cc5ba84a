using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AspireGateway.Gateway.Tests.Hosting;

namespace AspireGateway.Gateway.Tests.Inbound;

public sealed class MetadataTests
{
    private const string Path = "/.well-known/oauth-protected-resource";

    [Theory]
    [InlineData("", "/mcp")]
    [InlineData("/mcp", "/mcp")]
    [InlineData("/mcp/weather", "/mcp/weather")]
    public async Task Metadata_names_resource_issuer_and_scopes(string suffix, string resource)
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = host.CreateClient();

        var metadata = await client.GetFromJsonAsync<JsonElement>(Path + suffix, TestContext.Current.CancellationToken);

        metadata.GetProperty("resource").GetString().ShouldBe(GatewayHost.PublicUrl + resource);
        metadata.GetProperty("authorization_servers")[0].GetString().ShouldBe(host.Issuer.BaseUrl);
        metadata.GetProperty("scopes_supported")[0].GetString().ShouldBe("mcp:tools");
        metadata.GetProperty("bearer_methods_supported")[0].GetString().ShouldBe("header");
    }

    [Theory]
    [InlineData("/mcp/unknown")]
    [InlineData("/other")]
    [InlineData("/mcp/weather/deeper")]
    public async Task Metadata_of_anything_else_does_not_exist(string suffix)
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = host.CreateClient();

        using var response = await client.GetAsync(Path + suffix, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Metadata_comes_from_configuration_whatever_the_request_says()
    {
        await using var host = await GatewayHost.StartAsync(settings: ("Gateway:AllowedHosts:0", "internal"));
        using var client = host.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://internal" + Path);
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        request.Headers.Add("X-Forwarded-Proto", "https");

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        text.ShouldContain(GatewayHost.Resource);
        text.ShouldNotContain("evil");
        text.ShouldNotContain("internal");
    }
}
