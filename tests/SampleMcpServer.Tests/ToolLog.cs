using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace AspireGateway.SampleMcpServer.Tests;

/// <summary>The log lines of the server, as they are written.</summary>
public sealed class ToolLog : ILoggerProvider, ILogger
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    /// <summary>Waits for the next line that contains <paramref name="text"/>.</summary>
    public async Task WaitForAsync(string text, CancellationToken cancellationToken)
    {
        while (!(await _lines.Reader.ReadAsync(cancellationToken)).Contains(text, StringComparison.Ordinal)) { }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _lines.Writer.TryWrite(formatter(state, exception));

    public void Dispose() { }
}
