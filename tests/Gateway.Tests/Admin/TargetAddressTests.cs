using System.Net;
using AspireGateway.Gateway.Admin.Definitions;
using AspireGateway.Gateway.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AspireGateway.Gateway.Tests.Admin;

/// <summary>Whoever may define targets does not thereby reach what is behind the gateway.</summary>
public sealed class TargetAddressTests
{
    private static readonly (string, string?)[] Production =
    [
        ("Gateway:PublicUrl", "https://gateway.test"),
        ("Gateway:Inbound:Issuers:0:DiscoveryUrl", "https://id.example.com/.well-known/openid-configuration"),
    ];

    [Theory]
    [InlineData("http://10.0.0.7/mcp")]
    [InlineData("http://example.com/mcp")]
    [InlineData("https://10.0.0.7/mcp")]
    [InlineData("https://[::ffff:10.0.0.7]/mcp")]
    [InlineData("https://169.254.169.254/latest")]
    [InlineData("https://100.64.0.1/mcp")]
    [InlineData("https://[64:ff9b::a00:7]/mcp")]
    [InlineData("https://0x0a000007/mcp")]
    public async Task Internal_addresses_and_http_are_refused_where_loopback_is_allowed(string url)
    {
        await using var host = await GatewayHost.StartAsync();

        var refused = await host.AdminAsync(HttpMethod.Post, "/targets", AdminCalls.Definition("more", url));
        var code = await host.AdminAsync(
            HttpMethod.Post,
            "/targets",
            AdminCalls.Definition(
                "more",
                host.Target.Url,
                $$""","credential":"authorization_code","authorizationCode":{"issuer":"{{url}}"} """
            )
        );
        var allowed = await host.AdminAsync(
            HttpMethod.Post,
            "/targets",
            AdminCalls.Definition("more", host.Target.Url)
        );

        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Errors.Keys.ShouldBe(["url"]);
        code.Errors.Keys.ShouldBe(["authorizationCode.issuer"]);
        allowed.Status.ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("http://127.0.0.1:6201/mcp", "is not https")]
    [InlineData("https://127.0.0.1:6201/mcp", "internal network")]
    [InlineData("https://localhost:6201/mcp", "internal network")]
    [InlineData("https://93.184.216.34/mcp", null)]
    public async Task Outside_development_only_public_addresses_over_https_are_taken(string url, string? mistake)
    {
        await using var host = await GatewayHost.StartAsync("Production", settings: Production);
        var checks = host.Services.GetRequiredService<DefinitionChecks>();

        var mistakes = await checks.CheckAsync("more", new TargetSettings { Url = url }, Cancel);

        mistakes.Any(m => m.Text.Contains(mistake ?? "")).ShouldBe(mistake is not null);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_name_that_turns_out_to_be_internal_is_not_connected_to(bool isConfigured)
    {
        // As if it had been public when it was defined: stored without the look at its addresses.
        const string Url = "https://127.0.0.1:6202/mcp";
        await using var host = await GatewayHost.StartAsync(
            "Production",
            settings:
            [
                .. Production,
                .. isConfigured ? [("Gateway:Targets:same:Url", (string?)Url)] : Array.Empty<(string, string?)>(),
            ]
        );
        host.CreateClient().Dispose();
        var store = host.Services.GetRequiredService<DefinitionStore>();
        await store.AddAsync(Name, new TargetSettings { Url = Url }, Cancel);
        var registry = host.Services.GetRequiredService<Targets.TargetRegistry>();
        var states = host.Services.GetRequiredService<Targets.Catalogue.TargetStates>();

        await Eventually.HoldsAsync(() =>
            states.Of(registry.Find(Name)!).State is Targets.Catalogue.TargetState.Failed
        );

        // What the operator's own configuration names may be anywhere; there it is only that nobody listens.
        var reason = states.Of(registry.Find(Name)!).Reason!;
        reason.Contains("internal network", StringComparison.Ordinal).ShouldBe(!isConfigured, reason);
    }

    [Fact]
    public async Task A_stored_definition_that_this_environment_would_refuse_is_not_used()
    {
        await using var host = await GatewayHost.StartAsync("Production", settings: Production);
        host.CreateClient().Dispose();
        var store = host.Services.GetRequiredService<DefinitionStore>();

        await store.AddAsync(Name, new TargetSettings { Url = "http://127.0.0.1:6203/mcp" }, Cancel);

        host.Services.GetRequiredService<Targets.TargetRegistry>().Find(Name).ShouldBeNull();
        host.Logs.Text.ShouldContain("The stored target more is not used");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static TargetName Name =>
        TargetName.TryParse("more", out var name) ? name : throw new InvalidOperationException();
}
