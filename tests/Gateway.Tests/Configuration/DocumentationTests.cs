using System.Text;
using System.Text.RegularExpressions;
using AspireGateway.Gateway.Audit;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Mcp;
using AspireGateway.Gateway.Outbound;
using AspireGateway.Gateway.Policies;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Catalogue;
using AspireGateway.Gateway.Targets.Naming;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Vault;
using AspireGateway.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Tests.Configuration;

/// <summary>Every configuration sample of the documents is one that the gateway accepts in production.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string, string> Samples
    {
        get
        {
            var samples = new TheoryData<string, string>();
            foreach (var file in Directory.EnumerateFiles(Repository.File("docs"), "*.md", SearchOption.AllDirectories))
            {
                var number = 0;
                foreach (Match match in JsonBlock().Matches(File.ReadAllText(file)))
                {
                    if (match.Groups["json"].Value.Contains("\"Gateway\"", StringComparison.Ordinal))
                    {
                        samples.Add($"{Path.GetFileName(file)} #{++number}", match.Groups["json"].Value);
                    }
                }
            }

            return samples;
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_is_accepted_in_production_and_has_no_setting_that_does_not_exist(string name, string json)
    {
        var configuration = new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)))
            .Build();
        var production = new HostingEnvironment { EnvironmentName = "Production" };

        Check(
            new GatewayOptionsValidator(production),
            Bind<GatewayOptions>(configuration, GatewayOptions.Section, strict: false),
            name
        );
        Check(
            new InboundOptionsValidator(production),
            Bind<InboundOptions>(configuration, InboundOptions.Section),
            name
        );
        Check(
            new TargetsOptionsValidator(production),
            Bind<TargetsOptions>(configuration, TargetsOptions.Section),
            name
        );
        Check(
            new CatalogueOptions.Validator(configuration),
            Bind<CatalogueOptions>(configuration, CatalogueOptions.Section),
            name
        );
        Check(
            new NamingOptions.Validator(configuration),
            Bind<NamingOptions>(configuration, NamingOptions.Section, strict: false),
            name
        );
        Check(new PoliciesOptionsValidator(), Bind<PoliciesOptions>(configuration, PoliciesOptions.Section), name);
        Check(new OutboundOptionsValidator(), Bind<OutboundOptions>(configuration, OutboundOptions.Section), name);
        Check(new TelemetryOptionsValidator(), Bind<TelemetryOptions>(configuration, TelemetryOptions.Section), name);
        // Samples elsewhere show the settings that they are about, and no keys.
        var audit = configuration.GetSection(AuditOptions.Section);
        if (audit.Exists() || name.StartsWith("configuration.md", StringComparison.Ordinal))
        {
            Check(new AuditOptionsValidator(production), Bind<AuditOptions>(configuration, AuditOptions.Section), name);
        }

        Check(new McpOptions.Validator(), Bind<McpOptions>(configuration, McpOptions.Section), name);

        var vault = configuration.GetSection(VaultOptions.Section);
        if (vault.Exists() || name.StartsWith("configuration.md", StringComparison.Ordinal))
        {
            Check(new VaultOptionsValidator(production), Bind<VaultOptions>(configuration, VaultOptions.Section), name);
        }
    }

    [Fact]
    public void The_documents_have_samples() => Samples.Count.ShouldBeGreaterThanOrEqualTo(3);

    private static T Bind<T>(IConfiguration configuration, string section, bool strict = true)
        where T : new()
    {
        var options = new T();
        configuration.GetSection(section).Bind(options, binder => binder.ErrorOnUnknownConfiguration = strict);
        return options;
    }

    private static void Check<T>(IValidateOptions<T> validator, T options, string name)
        where T : class
    {
        var result = validator.Validate(name: null, options);
        (result.Failures ?? []).ShouldBeEmpty(name);
    }

    [GeneratedRegex("```json\\n(?<json>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex JsonBlock();
}
