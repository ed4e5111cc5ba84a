using System.Diagnostics;
using System.Text.RegularExpressions;
using AspireGateway.Gateway.IntegrationTests.Systems;

namespace AspireGateway.Gateway.IntegrationTests.Telemetry;

/// <summary>Both flows are one trace, from the first call without a token to the result after the consent, and it holds no secret.</summary>
public abstract partial class FlowTraceTests(ComposedSystem system) : SystemTests(system)
{
    /// <summary>Each span, the resource that sends it, and the span (or the sender of the HTTP request) that is around it.</summary>
    private static readonly (string Resource, string Name, string Around)[] Expected =
    [
        ("testclient", "mcp.client tools/list", "testclient call"),
        ("testclient", "mcp.client tools/call", "testclient call"),
        ("testclient", "oauth.discover", "testclient call"),
        ("testclient", "oauth.register", "testclient call"),
        ("testclient", "oauth.authorize", "testclient call"),
        ("testclient", "oauth.callback", "oauth.authorize"),
        ("testclient", "oauth.token", "testclient call"),
        ("testclient", "consent.browser", "mcp.client tools/call"),
        ("gateway", "inbound.challenge", "testclient call"),
        ("gateway", "inbound.metadata", "oauth.discover"),
        ("gateway", "inbound.authenticate", "mcp.client tools/call"),
        ("gateway", "policy.authorize", "mcp.client tools/call"),
        ("gateway", "audit.append", "mcp.client tools/call"),
        ("gateway", "vault.read", "mcp.client tools/call"),
        ("gateway", "target.call", "mcp.client tools/call"),
        ("gateway", "consent.required", "mcp.client tools/call"),
        ("gateway", "consent.open", "consent.required"),
        ("gateway", "inbound.sign_in", "consent.open"),
        ("gateway", "consent.bind", "consent.required"),
        ("gateway", "oauth.authorize", "consent.bind"),
        ("gateway", "consent.callback", "consent.required"),
        ("gateway", "oauth.token", "consent.callback"),
        ("gateway", "vault.write", "consent.callback"),
    ];

    /// <summary>Spans of legs through a browser, which link to the browser's own request.</summary>
    private static readonly string[] ThroughBrowser =
    [
        "consent.open",
        "consent.bind",
        "consent.callback",
        "inbound.sign_in",
    ];

    /// <summary>What the gateway logs on the way.</summary>
    private static readonly string[] Told =
    [
        "Refused with 401 missing_token",
        "A person is asked for consent to target notes",
        "A person connected target notes",
    ];

    /// <summary>Resources that play the two realms.</summary>
    protected abstract string[] Realms { get; }

    [Fact]
    public async Task Sign_in_consent_and_calls_are_one_trace_in_which_every_span_is_in_its_place()
    {
        var (output, trace) = await Running.BothFlowsAsync();

        var spans = await ReceivedAsync(trace);

        output.ShouldContain($"/traces/{trace}");
        foreach (var (resource, name, around) in Expected)
        {
            var found = spans.Where(span => span.Resource == resource && span.Name == name).ToList();
            found.ShouldNotBeEmpty($"{name} of {resource}");
            found.ShouldContain(
                span => Ancestors(span, spans).Any(ancestor => ancestor.Name == around),
                $"{name} of {resource} is within {around}"
            );
        }

        foreach (var name in ThroughBrowser)
        {
            spans
                .Where(span => span.Name == name)
                .ShouldAllBe(static span => span.Data.Links.Count == 1, $"{name} links to the browser's request");
        }

        foreach (var resource in Realms.Concat(["weather", "notes"]))
        {
            spans.ShouldContain(span => span.Resource == resource, $"{resource} takes part");
        }

        // Whatever has a parent has one that was sent: nothing of the trace is missing.
        var known = spans.Select(static span => span.Id).ToHashSet();
        spans
            .Where(span => span.Parent.Length > 0 && !known.Contains(span.Parent))
            .Select(static span => $"{span.Resource} {span.Name}")
            .ShouldBeEmpty();
        spans.Where(static span => span.Parent.Length == 0).ShouldHaveSingleItem().Name.ShouldBe("testclient call");
    }

    [Fact]
    public async Task The_logs_of_a_flow_tell_its_steps_and_warn_of_nothing()
    {
        var (_, trace) = await Running.BothFlowsAsync();
        await ReceivedAsync(trace);
        List<ReceivedLog> logs = [];
        await Patience.UntilAsync(
            () =>
            {
                logs = [.. Running.Telemetry.Logs.Where(log => log.Trace == trace)];
                return Task.FromResult(Told.All(step => logs.Exists(log => log.Text.Contains(step))));
            },
            $"the logs tell {string.Join(", ", Told)}",
            Stop
        );

        logs.Where(static log => log.Severity >= ReceivedLog.Warning)
            .Select(static log => $"{log.Resource}: {log.Text}")
            .ShouldBeEmpty();
        logs.Count(static log => log.Resource == "gateway").ShouldBeLessThanOrEqualTo(20);
    }

    [Fact]
    public async Task A_caller_that_records_nothing_decides_for_gateway_and_target_too()
    {
        var weather = new Uri(Running.GatewayUrl, "/mcp/weather");
        var token = await TokenAsync(Running.Issuer, weather);
        var (kept, dropped) = (NewTrace(), NewTrace());

        await SendAsync(weather, token, traceparent: $"00-{dropped}-b7ad6b7169203331-00");
        await SendAsync(weather, token, traceparent: $"00-{kept}-b7ad6b7169203331-01");

        // Each sends in order, so that what the first request left would have come before the second's.
        foreach (var resource in (string[])["gateway", "weather"])
        {
            await Patience.UntilAsync(
                () => Task.FromResult(SpansOf(kept).Any(span => span.Resource == resource)),
                $"{resource} takes part in the trace of a caller that records",
                Stop
            );
        }

        SpansOf(dropped).ShouldBeEmpty();
    }

    [Fact]
    public async Task No_span_of_any_resource_holds_a_secret()
    {
        var (_, trace) = await Running.BothFlowsAsync();
        await ReceivedAsync(trace);

        Suspicious(Running.Telemetry.Spans).ShouldBeEmpty();
    }

    [Fact]
    public void The_search_for_secrets_finds_them()
    {
        foreach (
            var secret in (string[])
                [
                    "http://localhost/connect/0123456789012345678901234567890123456789012",
                    "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
                    "/callback?code=0123456789&state=x",
                    "Bearer 0123456789abcdef",
                ]
        )
        {
            Secret().IsMatch(secret).ShouldBeTrue(secret);
        }

        Secret().IsMatch("/callback?code=Redacted&state=Redacted").ShouldBeFalse();
    }

    // Keycloak writes its own queries into its own spans, which are the dashboard's and the collector's to drop.
    private static IEnumerable<string> Suspicious(IEnumerable<ReceivedSpan> spans) =>
        from span in spans
        from text in span.Texts
        where span.Resource != "keycloak" || text.Where != "url.query"
        where Secret().IsMatch(text.Text)
        select $"{span.Resource} {span.Name} {text.Where}: {text.Text}";

    private IEnumerable<ReceivedSpan> SpansOf(string trace) =>
        Running.Telemetry.Spans.Where(span => span.Trace == trace);

    private static string NewTrace() => ActivityTraceId.CreateRandom().ToHexString();

    private async Task<List<ReceivedSpan>> ReceivedAsync(string trace)
    {
        List<ReceivedSpan> spans = [];
        await Patience.UntilAsync(
            () =>
            {
                spans = [.. SpansOf(trace)];
                var names = spans.Select(static span => (span.Resource, span.Name)).ToHashSet();
                var known = spans.Select(static span => span.Id).ToHashSet();
                return Task.FromResult(
                    Expected.All(one => names.Contains((one.Resource, one.Name)))
                        && spans.TrueForAll(span => span.Parent.Length == 0 || known.Contains(span.Parent))
                );
            },
            $"all spans of trace {trace} have arrived",
            Stop
        );
        return spans;
    }

    private static IEnumerable<ReceivedSpan> Ancestors(ReceivedSpan span, List<ReceivedSpan> spans)
    {
        for (
            var parent = spans.Find(other => other.Id == span.Parent);
            parent is not null;
            parent = spans.Find(other => other.Id == parent.Parent)
        )
        {
            yield return parent;
        }
    }

    // Signed tokens, links that open something, parameters of authorization and token requests that were not replaced, bearer tokens.
    [GeneratedRegex(
        @"eyJ[\w-]{8,}\.[\w-]{8,}|\b(code|state|session_state|code_verifier|client_secret|refresh_token|access_token|id_token|password)=(?!Redacted|REDACTED|\*)[\w%.~-]+|/[A-Za-z0-9_-]{40,}|[Bb]earer [\w.~+/=-]{8,}",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Secret();
}

[Collection(WithEmbedded.Name)]
public sealed class EmbeddedFlowTraceTests(EmbeddedSystem system) : FlowTraceTests(system)
{
    /// <inheritdoc />
    protected override string[] Realms => ["corp", "partner"];
}

[Collection(WithKeycloak.Name)]
public sealed class KeycloakFlowTraceTests(KeycloakSystem system) : FlowTraceTests(system)
{
    /// <inheritdoc />
    protected override string[] Realms => ["keycloak"];
}
