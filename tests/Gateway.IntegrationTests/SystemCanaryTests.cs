using System.Text;
using AspireGateway.Gateway.IntegrationTests.Canaries;
using AspireGateway.Gateway.IntegrationTests.Systems;

namespace AspireGateway.Gateway.IntegrationTests;

/// <summary>No secret is found where it does not belong, after both flows, a refresh, a disconnection, and what goes wrong.</summary>
public abstract class SystemCanaryTests
{
    // What an answer hands to whom it belongs to: the agent's own session, link and notes, the own cookies and states of agent and browser.
    private static readonly string[] HandedOver =
    [
        "argument",
        "agent's cookie",
        "agent's session id",
        "agent's consent handle",
        "person's cookie",
        "person's state",
        "person's nonce",
    ];

    private readonly CanaryRun _run;

    protected SystemCanaryTests(CanaryRun run)
    {
        Assert.SkipWhen(run.Missing is not null, run.Missing ?? "");
        _run = run;
    }

    [Fact]
    public void Secrets_of_both_flows_are_found_nowhere_that_they_do_not_belong()
    {
        ShouldHaveCollected();
        ShouldHaveRead(_run.Places);
        _run.Places.SelectMany(place => _run.Secrets.Find(place.Key, place.Value)).ShouldBeEmpty();
        ShouldFindWhatIsPlanted(_run.Places);
    }

    [Fact]
    public void No_answer_of_the_gateway_has_a_secret_that_is_not_the_callers_to_know()
    {
        _run.Answers.ShouldContain(static answer => answer.Text.Contains("is connected"));
        _run.Answers.ShouldContain(static answer => answer.Text.Contains("WWW-Authenticate"));
        _run.Answers.SelectMany(answer => _run.Secrets.Find(answer.Url, Encoding.UTF8.GetBytes(answer.Text)))
            .Where(static found => !HandedOver.Any(name => found.StartsWith(name, StringComparison.Ordinal)))
            .ShouldBeEmpty();
    }

    // Beside the search, because this is the one run in which a third party's token ends.
    [Fact]
    public void A_refresh_is_a_trace_of_its_own_and_the_call_that_waited_for_it_links_to_it()
    {
        var refreshes = _run.Spans.Where(static span => span.Name == "vault.refresh").ToList();
        refreshes.ShouldNotBeEmpty();
        foreach (var refresh in refreshes)
        {
            refresh.Parent.ShouldBeEmpty();
            var waited = _run.Spans.Where(span => Links(span).Contains((refresh.Trace, refresh.Id))).ToList();
            waited.ShouldNotBeEmpty();
            waited.ShouldAllBe(static span => span.Name == "vault.refresh.wait" && span.Resource == "gateway");
            waited.ShouldAllBe(span => span.Trace != refresh.Trace);
            Links(refresh).ShouldBeSubsetOf(waited.Select(static span => (span.Trace, span.Id)));
            _run.Spans.ShouldContain(span => span.Name == "oauth.token" && span.Parent == refresh.Id);
        }
    }

    private static IEnumerable<(string Trace, string Id)> Links(ReceivedSpan span) =>
        span.Data.Links.Select(static link =>
            (Convert.ToHexStringLower(link.TraceId.Span), Convert.ToHexStringLower(link.SpanId.Span))
        );

    private void ShouldHaveCollected()
    {
        var names = _run.Secrets.Names;
        foreach (
            var name in new[]
            {
                "agent's access token",
                "agent's refresh token",
                "agent's code",
                "agent's verifier",
                "agent's session id",
                "agent's consent handle",
                "person's cookie",
                "person's state",
                "person's code",
                "person's password",
                "third party's code",
                "third party's code_verifier",
                "third party's access_token",
                "third party's refresh_token",
                "third party's token",
                "gateway's credentials at the third party",
                "gateway's client secret",
                "vault.key",
                "anchors.pem",
            }
        )
        {
            names.ShouldContain(one => one.StartsWith(name, StringComparison.Ordinal), name);
        }
    }

    // A place that is empty proves nothing.
    private void ShouldHaveRead(IReadOnlyDictionary<string, byte[]> places)
    {
        Has("log of gateway", "Gateway");
        Has($"log of {_run.Provider}", "http");
        Has("telemetry /v1/traces", "consent.callback");
        Has("telemetry /v1/metrics", "aspire_gateway.calls");
        Has("telemetry /v1/logs", "Refused with");
        Has("gateway/vault.db", "SQLite format 3");
        Has("gateway/audit/", "\"name\":\"add_note\"");
        Has("gateway/audit-anchors/", "\"signature\"");
        Has("dashboard /traces/", "vault.refresh");
        Has("dashboard /logs", "Refused with");

        void Has(string place, string text) =>
            places
                .Any(one =>
                    one.Key.StartsWith(place, StringComparison.Ordinal)
                    && Encoding.UTF8.GetString(one.Value).Contains(text, StringComparison.Ordinal)
                )
                .ShouldBeTrue($"'{text}' in {place}");
    }

    private static void ShouldFindWhatIsPlanted(IReadOnlyDictionary<string, byte[]> places)
    {
        const string planted = "Planted+Value/with=all & 0f6d2b";
        var search = new SecretSearch();
        search.Add("planted", planted);
        foreach (var (place, bytes) in places)
        {
            search.Find(place, bytes).ShouldBeEmpty();
            foreach (var (form, value) in SecretSearch.Forms(planted))
            {
                search
                    .Find(place, [.. bytes.Take(bytes.Length / 2), .. value, .. bytes.Skip(bytes.Length / 2)])
                    .ShouldNotBeEmpty($"{form} in {place}");
            }
        }

        for (var before = 0; before < 3; before++)
        {
            var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('x', before) + planted + "tail"));
            search.Find("base64", Encoding.UTF8.GetBytes(encoded)).ShouldNotBeEmpty($"behind {before} other bytes");
        }
    }
}

public sealed class EmbeddedSystemCanaryTests(EmbeddedCanaryRun run)
    : SystemCanaryTests(run),
        IClassFixture<EmbeddedCanaryRun>;

public sealed class KeycloakSystemCanaryTests(KeycloakCanaryRun run)
    : SystemCanaryTests(run),
        IClassFixture<KeycloakCanaryRun>;
