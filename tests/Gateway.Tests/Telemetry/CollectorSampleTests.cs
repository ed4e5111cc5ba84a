using System.Text.RegularExpressions;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.TestKit;
using YamlDotNet.Serialization;

namespace AspireGateway.Gateway.Tests.Telemetry;

/// <summary>
/// The sample for a collector, as far as it can be checked without one: it is YAML, each part that a pipeline names is there and of a kind that
/// the collector has, and the conditions name spans that the gateway has.
/// </summary>
public sealed partial class CollectorSampleTests
{
    // Of the contrib distribution, as its documentation names them.
    private static readonly string[] Kinds =
    [
        "otlp",
        "otlp_grpc",
        "memory_limiter",
        "attributes",
        "tail_sampling",
        "batch",
    ];

    private static readonly string[] PolicyKinds = ["status_code", "latency", "ottl_condition", "probabilistic"];

    private static readonly Dictionary<object, object> Sample = new DeserializerBuilder()
        .Build()
        .Deserialize<Dictionary<object, object>>(
            File.ReadAllText(Repository.File("docs/samples/telemetry/collector.yaml"))
        );

    [Theory]
    [InlineData("receivers")]
    [InlineData("processors")]
    [InlineData("exporters")]
    public void Every_part_that_a_pipeline_names_is_defined_and_every_defined_one_is_used(string parts)
    {
        var defined = Map(Sample[parts]).Keys.Cast<string>().ToList();

        var used = Map(Map(Sample["service"])["pipelines"]).Values.SelectMany(pipeline => List(Map(pipeline)[parts]));

        used.Cast<string>().Distinct().ShouldBe(defined, ignoreOrder: true);
        defined.Select(static name => name.Split('/')[0]).ShouldBeSubsetOf(Kinds);
    }

    [Fact]
    public void Memory_is_guarded_first_and_batches_are_made_last()
    {
        foreach (var pipeline in Map(Map(Sample["service"])["pipelines"]).Values)
        {
            var processors = List(Map(pipeline)["processors"]);
            processors[0].ShouldBe("memory_limiter");
            processors[^1].ShouldBe("batch");
        }
    }

    [Fact]
    public void Errors_are_kept_and_each_policy_has_the_settings_of_its_kind()
    {
        var policies = List(Map(Map(Sample["processors"])["tail_sampling"])["policies"]).Select(Map).ToList();

        foreach (var policy in policies)
        {
            policy["type"].ShouldBeOneOf([.. PolicyKinds]);
            policy.Keys.ShouldBe(["name", "type", policy["type"]], ignoreOrder: true);
        }

        var errors = policies.Single(static policy => policy["type"] is "status_code");
        List(Map(errors["status_code"])["status_codes"]).ShouldBe(["ERROR"]);
        policies.Select(static policy => policy["name"]).ShouldBeUnique();
    }

    [Fact]
    public void Conditions_name_spans_that_exist()
    {
        var policies = List(Map(Map(Sample["processors"])["tail_sampling"])["policies"]).Select(Map);
        var conditions = List(
                Map(policies.Single(static policy => policy["type"] is "ottl_condition")["ottl_condition"])["span"]
            )
            .Cast<string>()
            .ToList();
        var spans = DocumentTests.Constants(typeof(Spans));

        foreach (var condition in conditions)
        {
            var match = Condition().Match(condition);
            match.Success.ShouldBeTrue(condition);
            var (name, prefix) = (match.Groups["name"], match.Groups["prefix"]);
            spans.ShouldContain(
                span => name.Success ? span == name.Value : span.StartsWith(prefix.Value + "."),
                condition
            );
        }
    }

    private static Dictionary<object, object> Map(object node) => node.ShouldBeOfType<Dictionary<object, object>>();

    private static List<object> List(object node) => node.ShouldBeOfType<List<object>>();

    [GeneratedRegex(
        """^(name == "(?<name>[^"]+)"|IsMatch\(name, "\^(?<prefix>\w+)\\\\\."\))$""",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Condition();
}
