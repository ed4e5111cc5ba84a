using System.Threading.Channels;
using ModelContextProtocol;

namespace AspireGateway.SampleMcpServer.Tests;

/// <summary>Keeps what a tool reports, so that a test can wait for it.</summary>
internal sealed class CollectedProgress : IProgress<ProgressNotificationValue>
{
    private readonly Channel<ProgressNotificationValue> _reports = Channel.CreateUnbounded<ProgressNotificationValue>();

    public void Report(ProgressNotificationValue value) => _reports.Writer.TryWrite(value);

    public async Task<ProgressNotificationValue> FirstAsync(CancellationToken cancellationToken) =>
        await _reports.Reader.ReadAsync(cancellationToken);
}
