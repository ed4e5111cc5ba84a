using System.Diagnostics;
using System.Net;
using AspireGateway.TestClient.Flow;
using AspireGateway.TestClient.Mcp;
using AspireGateway.TestClient.OAuth;
using AspireGateway.TestClient.Output;
using AspireGateway.TestClient.Tracing;
using Spectre.Console;

namespace AspireGateway.TestClient.Running;

/// <summary>
/// One run of a command: telemetry, the root span, the connection, the report, the exit code. Commands only say what to do
/// with the connection.
/// </summary>
internal sealed class Run(string command, ConnectionSettings settings, Surroundings surroundings)
{
    private const int Succeeded = 0;
    private const int Failed = 1;

    private readonly Secrets _secrets = new();

    /// <summary>Where the steps and the report go; null is the output.</summary>
    public TextWriter? ReportTo { get; init; }

    /// <summary>
    /// Whether the run is about nothing but the token. Then a server that wants more scopes for its own requests is no failure: the
    /// token is for somewhere else.
    /// </summary>
    public bool IsForToken { get; init; }

    /// <summary>The tokens of the run.</summary>
    public HeldTokens Tokens { get; } = new();

    /// <summary>Connects, does <paramref name="work"/>, reports.</summary>
    public async Task<int> ExecuteAsync(
        Func<Connection, RunReport, FlowLog, CancellationToken, Task> work,
        CancellationToken cancellationToken
    )
    {
        _secrets.Add(settings.User?.Password);
        _secrets.Add(settings.ThirdParty?.Password);
        var started = surroundings.Time.GetTimestamp();
        var terminal = new Terminal(ReportTo ?? surroundings.Output, surroundings.Style, _secrets);
        var printer = new FlowPrinter(terminal);
        var log = new FlowLog(_secrets) { Listener = settings.Json ? null : printer.Print };

        await using var host = await RunHost.StartAsync(cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, host.Stopping);
        using var root = ClientTelemetry.StartRun(command);
        var trace = root.TraceId.ToHexString();
        var report = new RunReport
        {
            Trace = trace,
            TracePage = DashboardAddress.Read(surroundings.Variable(DashboardAddress.Variable))?.PageOf(trace),
            User = settings.User?.Name,
        };
        if (!settings.Json)
        {
            terminal.Line($"trace {report.Trace}", new Style(Color.Grey));
        }

        try
        {
            var context = new RunContext(log, terminal, surroundings.Browser, host.Logging, Tokens, surroundings.Time);
            await ConnectAsync(context, report, work, stop.Token);
        }
        catch (HttpRequestException scopes)
            when (IsForToken && Tokens.Current is not null && scopes.StatusCode is HttpStatusCode.Forbidden)
        {
            report.SignedIn = true;
        }
        // Whatever it is, the person gets one sentence about it, and the report of what went well before.
        catch (Exception failure)
        {
            report.Failure = Failures.Explain(failure, settings.Server, log);
            root.SetStatus(ActivityStatusCode.Error);
        }

        report.TokenScope = IsForToken ? Tokens.Current?.Scope : null;
        report.Duration = surroundings.Time.GetElapsedTime(started);
        await PrintAsync(report, log, terminal);
        return report.Failure is null ? Succeeded : Failed;
    }

    private async Task ConnectAsync(
        RunContext context,
        RunReport report,
        Func<Connection, RunReport, FlowLog, CancellationToken, Task> work,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await Connection.OpenAsync(settings, context, cancellationToken);
        report.Server = new(
            connection.Client.ServerInfo?.Name ?? "(unnamed)",
            connection.Client.ServerInfo?.Version ?? "",
            connection.Client.NegotiatedProtocolVersion
        );
        try
        {
            await work(connection, report, context.Log, cancellationToken);
        }
        finally
        {
            report.SignedIn = connection.SignedIn;
            report.Consents = connection.Consents.Given;
        }
    }

    private async Task PrintAsync(RunReport report, FlowLog log, Terminal terminal)
    {
        if (settings.Json)
        {
            await surroundings.Output.WriteLineAsync(_secrets.Redact(JsonReport.Create(report, log.Events)));
            return;
        }

        TextReport.Print(terminal, report);
    }
}
