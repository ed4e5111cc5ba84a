using System.Diagnostics;
using AspireGateway.Dashboard;
using AspireGateway.TestClient.Tests.Fakes;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AspireGateway.TestClient.Tests.Flow;

/// <summary>The command <c>trace</c> with the real dashboard, and the link at the end of a run.</summary>
[Collection(nameof(SpanListeners))]
public sealed class TraceCommandTests
{
    private const string ApiKey = "otlp-api-key-for-tests";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_flow_of_a_trace_is_drawn_with_its_numbers_times_and_states()
    {
        await using var dashboard = await StartAsync();
        var trace = Send(dashboard, reason: "missing_token");

        var run = await TestRun.OfAsync(["trace", trace, "--dashboard", dashboard.PageUrl.AbsoluteUri]);

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Lines[0].ShouldStartWith("testclient call");
        run.Lines[0].ShouldEndWith("ok");
        run.Lines[1].ShouldBe($"trace {trace}");
        run.Lines[2].ShouldMatch(@"^\d+ ms  A1   Client → Gateway  no token: POST$");
        run.Lines[3].ShouldMatch(@"^\d+ ms  A2   Gateway → Client  challenge: sign in  401$");
        run.Lines.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_step_that_failed_says_what_was_wrong()
    {
        await using var dashboard = await StartAsync();
        var trace = Send(dashboard, reason: "wrong_audience");

        var run = await TestRun.OfAsync(
            ["trace", trace.ToUpperInvariant()],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["FLOW_DASHBOARD_URL"] = dashboard.PageUrl.AbsoluteUri,
            }
        );

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldContain("✘ wrong_audience: aud does not name this gateway");
    }

    [Fact]
    public async Task Whoever_has_no_login_token_is_told_where_it_is_and_gets_nothing()
    {
        await using var dashboard = await StartAsync();
        var trace = Send(dashboard, reason: "missing_token");
        var address = dashboard.PageUrl.GetLeftPart(UriPartial.Authority);

        foreach (var url in (string[])[address, address + "/login?t=wrong"])
        {
            var run = await TestRun.OfAsync(["trace", trace, "--dashboard", url]);

            run.ExitCode.ShouldBe(1);
            run.Error.ShouldContain("does not let this program in");
            run.Error.ShouldContain("/login?t=…");
            run.Output.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_trace_that_the_dashboard_does_not_have_is_a_failure_in_words()
    {
        await using var dashboard = await StartAsync();

        var run = await TestRun.OfAsync(["trace", new string('a', 32), "--dashboard", dashboard.PageUrl.AbsoluteUri]);

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain($"The dashboard has no trace {new string('a', 32)}.");
    }

    [Theory]
    [InlineData("is no trace id", "trace", "x", "--dashboard", "http://localhost:1")]
    [InlineData("Where is the dashboard?", "trace", "0af7651916cd43dd8448eb211c80319c")]
    [InlineData(
        "Where is the dashboard?",
        "trace",
        "0af7651916cd43dd8448eb211c80319c",
        "--dashboard",
        "javascript:alert(1)"
    )]
    [InlineData(
        "does not answer as a dashboard does",
        "trace",
        "0af7651916cd43dd8448eb211c80319c",
        "--dashboard",
        "http://127.0.0.1:1/login?t=secret"
    )]
    public async Task What_cannot_work_is_refused_with_the_reason(string reason, params string[] args)
    {
        var run = await TestRun.OfAsync(args);

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain(reason);
        run.Everything.ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_run_ends_with_the_address_of_its_trace_but_not_with_the_dashboards_login_token()
    {
        await using var server = await FakeServer.StartAsync();
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["TESTCLIENT_PASSWORD"] = FakeBehaviour.Password,
            ["FLOW_DASHBOARD_URL"] = "http://localhost:5170/login?t=the-token",
        };

        var run = await TestRun.OfAsync(["tools", server.Mcp.AbsoluteUri, .. TestRun.AsAlice], variables);

        var trace = run.Lines[0]["trace ".Length..];
        run.Lines[^2].ShouldBe($"trace {trace}: http://localhost:5170/traces/{trace}");
        run.Lines[^1].ShouldStartWith("✔");
        run.Everything.ShouldNotContain("the-token");
    }

    private static Task<DashboardHost> StartAsync() =>
        DashboardHost.StartAsync(
            new DashboardOptions
            {
                Url = new Uri("http://localhost:0"),
                OtlpGrpcUrl = new Uri("http://localhost:0"),
                LoginToken = "login-token-for-tests",
                OtlpApiKey = ApiKey,
            },
            Cancellation
        );

    // A request that the gateway refuses, as client and gateway would send it.
    private static string Send(DashboardHost dashboard, string reason)
    {
        using var client = Provider(dashboard, "testclient");
        using var gateway = Provider(dashboard, "gateway");
        using var fromClient = new ActivitySource("tests.testclient");
        using var fromGateway = new ActivitySource("tests.gateway");
        using var root = fromClient.StartActivity("testclient call")!;
        using (var asked = fromClient.StartActivity("POST", ActivityKind.Client)!)
        {
            asked.SetTag("http.request.method", "POST").SetTag("url.full", "http://localhost:5180/mcp");
            using var answered = fromGateway.StartActivity("POST /mcp", ActivityKind.Server)!;
            answered.SetTag("http.request.method", "POST").SetTag("url.path", "/mcp");
            using (var challenge = fromGateway.StartActivity("inbound.challenge")!)
            {
                challenge.SetTag("aspire_gateway.reason", reason).SetStatus(ActivityStatusCode.Error);
            }

            answered.SetTag("http.response.status_code", 401);
            asked.SetTag("http.response.status_code", 401);
        }

        return root.TraceId.ToHexString();
    }

    // What is disposed has been sent.
    private static TracerProvider Provider(DashboardHost dashboard, string resource) =>
        Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService(resource))
            .AddSource("tests." + resource)
            .AddOtlpExporter(exporter =>
            {
                exporter.Protocol = OtlpExportProtocol.Grpc;
                exporter.Endpoint = dashboard.OtlpGrpcUrl;
                exporter.Headers = $"x-otlp-api-key={ApiKey}";
                exporter.ExportProcessorType = ExportProcessorType.Simple;
            })
            .Build();
}
