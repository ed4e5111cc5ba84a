using AspireGateway.Gateway.Tests.Hosting;

namespace AspireGateway.Gateway.Tests.Configuration;

public sealed class ConfigurationTests
{
    public static TheoryData<string, string, string?, string> Mistakes =>
        new()
        {
            { "Development", "Gateway:PublicUrl", "gateway", "Gateway:PublicUrl is 'gateway'" },
            { "Development", "Gateway:PublicUrl", "http://gateway.test/base", "more than scheme, host and port" },
            { "Production", "Gateway:PublicUrl", "http://gateway.test", "is not https" },
            { "Development", "Gateway:AllowedHosts:0", "*.test", "instead of a wildcard" },
            { "Development", "Gateway:Inbound:Issuers:0:Name", "", "Issuers:0:Name is ''" },
            { "Development", "Gateway:Inbound:Issuers:0:DiscoveryUrl", "x", "Issuers:0:DiscoveryUrl is 'x'" },
            { "Production", "Gateway:Inbound:Issuers:0:DiscoveryUrl", "http://id.test", "is not https" },
            { "Development", "Gateway:Inbound:Issuers:0:RequireAudience", "false", "without AllowedClients" },
            { "Development", "Gateway:Inbound:Issuers:0:SubjectClaim", "", "SubjectClaim is empty" },
            { "Development", "Gateway:Inbound:Issuers:0:CustomClaims:0:Name", "", "CustomClaims:0:Name is empty" },
            {
                "Development",
                "Gateway:Inbound:Issuers:0:CustomClaims:0:Operator",
                "LIKE",
                "Use EQUALS, CONTAINS or CONTAINS_ANY"
            },
            { "Production", "Gateway:Inbound:AllowAnonymous", "true", "works in Development only" },
            { "Development", "Gateway:Inbound:AllowedOrigins:0", "*", "An origin is scheme, host and port" },
            {
                "Development",
                "Gateway:Inbound:AllowedOrigins:0",
                "https://a.test/",
                "An origin is scheme, host and port"
            },
            { "Development", "Gateway:Inbound:ClockSkew", "01:00:00", "ClockSkew" },
            { "Development", "Gateway:Targets:Bad_Name:Url", "http://a.test/mcp", "'Bad_Name' is no target name" },
            { "Development", "Gateway:Targets:weather:Url", "weather/mcp", "no absolute http(s) URL" },
            { "Development", "Gateway:Targets:weather:Url", "http://u:p@a.test/mcp", "user information" },
            { "Development", "Gateway:Targets:weather:Credential", "magic", "Known kinds: none" },
            { "Development", "Gateway:Targets:weather:Timeout", "00:00:00", "Timeout" },
            { "Development", "Gateway:Mcp:MaxRequestBytes", "5", "MaxRequestBytes is 5" },
            { "Development", "Gateway:Mcp:ToolNameSeparator", "-", "ToolNameSeparator is '-'" },
            { "Development", "Gateway:Mcp:ListPageSize", "0", "ListPageSize is 0" },
            { "Development", "Gateway:Catalogue:MaxTargets", "0", "MaxTargets is 0" },
            { "Development", "Gateway:Catalogue:MaxItems", "0", "MaxItems is 0" },
            { "Development", "Gateway:Catalogue:MaxBytes", "1", "MaxBytes is 1" },
            { "Development", "Gateway:Catalogue:Interval", "00:00:01", "Interval is 00:00:01" },
        };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_wrong_setting_stops_the_start_and_is_named_with_its_fix(
        string environment,
        string key,
        string? value,
        string message
    )
    {
        await using var host = await GatewayHost.StartAsync(environment, settings: (key, value));

        Should.Throw<Exception>(host.CreateClient);

        host.Logs.Text.ShouldContain("The gateway did not start");
        host.Logs.Text.ShouldContain(message);
    }

    [Fact]
    public async Task Every_mistake_is_reported_at_once()
    {
        await using var host = await GatewayHost.StartAsync(
            settings:
            [
                ("Gateway:PublicUrl", "x"),
                ("Gateway:Targets:weather:Url", "y"),
                ("Gateway:Inbound:Issuers:0:DiscoveryUrl", "z"),
            ]
        );

        Should.Throw<Exception>(host.CreateClient);

        host.Logs.Text.ShouldContain("3 mistake(s)");
    }

    [Fact]
    public async Task Two_issuers_with_one_url_are_refused()
    {
        await using var host = await GatewayHost.StartAsync(
            settings:
            [
                ("Gateway:Inbound:Issuers:0:DiscoveryUrl", "http://id.test/.well-known/openid-configuration"),
                ("Gateway:Inbound:Issuers:1:Name", "other"),
                ("Gateway:Inbound:Issuers:1:DiscoveryUrl", "http://id.test/.well-known/openid-configuration"),
            ]
        );

        Should.Throw<Exception>(host.CreateClient);

        host.Logs.Text.ShouldContain("two entries for the issuer");
    }
}
