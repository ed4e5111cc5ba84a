using System.Collections.Concurrent;
using System.Diagnostics;
using AspireGateway.ServiceDefaults;
using AspireGateway.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;

namespace AspireGateway.IdentityProvider.Tests.Embedded;

[CollectionDefinition(nameof(TelemetryTests), DisableParallelization = true)]
[Collection(nameof(TelemetryTests))]
public sealed class TelemetryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_secret_of_a_flow_gets_into_a_span_or_a_log_line()
    {
        var spans = new List<Activity>();
        using var logs = new LogSink();
        var provider = await EmbeddedProvider.StartAsync(configure: builder =>
        {
            // Nobody listens there: what is exported is looked at in memory.
            builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1";
            builder.AddServiceDefaults();
            builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddInMemoryExporter(spans));
            builder.Logging.AddProvider(logs).SetMinimumLevel(LogLevel.Trace);
        });
        using var client = await OAuthClient.DiscoverAsync(provider.Issuer, Stop);
        using var browser = new Browser();
        var request = client.Authorize("openid mcp:tools", "http://localhost:5180/mcp");
        var callback = await browser.SignInAsync(
            request.Url,
            client.RedirectUri,
            "alice",
            EmbeddedProvider.Password,
            cancellationToken: Stop
        );
        var token = await client.ExchangeAsync(callback.Code!, request.Verifier, cancellationToken: Stop);
        var refreshed = await client.RefreshAsync(token.RefreshToken, cancellationToken: Stop);
        await client.RefreshAsync(token.RefreshToken, cancellationToken: Stop);
        provider.App.Services.GetRequiredService<TracerProvider>().ForceFlush();
        await provider.DisposeAsync();

        string[] secrets =
        [
            EmbeddedProvider.Password,
            EmbeddedProvider.GatewaySecret,
            callback.Code!,
            request["state"]!,
            request["code_challenge"]!,
            request.Verifier,
            token.AccessToken,
            token.RefreshToken,
            token.IdToken,
            refreshed.RefreshToken,
        ];
        var text = string.Join('\n', spans.Select(Describe).Concat(logs.Lines));
        foreach (var secret in secrets)
        {
            text.ShouldNotContain(secret, Case.Sensitive);
        }

        text.ShouldNotContain("code_challenge=", Case.Sensitive, "not even a redacted query string");
        logs.Lines.ShouldContain(static line => line.Contains("alice signed in"), "the sink does listen");
        string[] names =
        [
            "GET /realms/corp/protocol/openid-connect/auth",
            "POST /realms/corp/login-actions/authenticate",
            "POST /realms/corp/protocol/openid-connect/auth",
            "POST /realms/corp/protocol/openid-connect/token",
        ];
        // The browser's own requests are spans of this process as well.
        var served = spans
            .Where(static span => span.Kind == ActivityKind.Server)
            .Select(static span => span.DisplayName);
        served
            .Distinct(StringComparer.Ordinal)
            .ShouldBe([.. names, "GET /realms/corp/.well-known/openid-configuration"], ignoreOrder: true);
    }

    private static string Describe(Activity span) =>
        string.Join(
            '\n',
            span.TagObjects.Concat(span.Events.SelectMany(static @event => @event.Tags))
                .Select(static tag => $"{tag.Key}={tag.Value}")
                .Prepend(span.DisplayName)
        );

    private sealed class LogSink : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue(
                state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs) : $"{state}"
            );
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Enqueue(formatter(state, exception) + exception);

        public void Dispose() { }
    }
}
