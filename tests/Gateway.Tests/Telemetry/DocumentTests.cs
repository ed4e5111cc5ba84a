using System.Diagnostics.Metrics;
using System.Reflection;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit;

namespace AspireGateway.Gateway.Tests.Telemetry;

/// <summary><c>docs/telemetry.md</c> lists what the code has, and nothing else.</summary>
[Collection(nameof(SpanListeners))]
public sealed class DocumentTests
{
    private static readonly string Document = File.ReadAllText(Repository.File("docs/telemetry.md"));

    [Fact]
    public void Every_span_of_the_gateway_is_listed_and_every_listed_one_exists() =>
        Rows("### Gateway").Select(static row => row[0]).ShouldBe(Constants(typeof(Spans)), ignoreOrder: true);

    [Fact]
    public void Every_attribute_is_listed_and_every_listed_one_exists() =>
        Rows("## Attributes").Select(static row => row[0]).ShouldBe(Constants(typeof(Tags)), ignoreOrder: true);

    [Fact]
    public void Every_metric_is_listed_with_its_kind_and_unit_and_every_listed_one_exists() =>
        Rows("## Metrics")
            .Select(static row => $"{row[0]} {row[1]} {row[2]}")
            .ShouldBe(Instruments().Select(static one => $"{one.Name} {KindOf(one)} {one.Unit}"), ignoreOrder: true);

    [Fact]
    public void Every_metric_says_what_it_is() =>
        Instruments().ShouldAllBe(static one => !string.IsNullOrWhiteSpace(one.Description));

    internal static string[] Constants(Type type) =>
        [
            .. type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Where(static field => field.IsLiteral)
                .Select(static field => (string)field.GetRawConstantValue()!),
        ];

    private static List<Instrument> Instruments()
    {
        List<Instrument> found = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == GatewayTelemetry.Name)
                {
                    found.Add(instrument);
                }
            },
        };
        _ = GatewayMetrics.MeasuresTime;
        listener.Start();
        return found;
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0].ToLowerInvariant();

    // The rows of the table below a heading, each cell without its quotes.
    private static IEnumerable<string[]> Rows(string heading) =>
        Document[(Document.IndexOf($"\n{heading}\n", StringComparison.Ordinal) + heading.Length + 2)..]
            .Split("\n#")[0]
            .Split('\n')
            .Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(static line =>
                line.Trim('|', ' ').Split('|').Select(static cell => cell.Trim().Trim('`')).ToArray()
            );
}
