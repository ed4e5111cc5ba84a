using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer.Everything;

/// <summary>Tools that take a while, and say meanwhile how far they are.</summary>
[McpServerToolType]
internal sealed class RunningTools(TimeProvider time)
{
    private const int MaxSteps = 10_000;
    private const int MaxMillisecondsPerStep = 60_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    [McpServerTool(Name = "test_tool_with_progress", ReadOnly = true)]
    [Description("Reports 0, 50 and 100 of 100.")]
    public async Task<string> WithProgress(
        IProgress<ProgressNotificationValue> progress,
        CancellationToken cancellationToken
    )
    {
        progress.Report(new() { Progress = 0, Total = 100 });
        await Task.Delay(Pause, time, cancellationToken);
        progress.Report(new() { Progress = 50, Total = 100 });
        await Task.Delay(Pause, time, cancellationToken);
        progress.Report(new() { Progress = 100, Total = 100 });
        return "The progress is complete.";
    }

    [McpServerTool(Name = "test_tool_with_logging", ReadOnly = true)]
    [Description("Sends three log messages of level info to the caller, if the caller wants such.")]
    public Task<string> WithLogging(
        RequestContext<CallToolRequestParams> request,
        CancellationToken cancellationToken
    ) => LogThriceAsync(request, cancellationToken);

    [McpServerTool(Name = "test_logging_tool", ReadOnly = true)]
    [Description("The same: sends log messages to callers that want them, and none to others.")]
    public Task<string> Logging(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken) =>
        LogThriceAsync(request, cancellationToken);

    [McpServerTool(Name = "count_slowly", ReadOnly = true)]
    [Description("Counts with progress. Cancel it, then ask how_did_it_end for its label.")]
    public static async Task<string> CountSlowly(
        LongCalls calls,
        TimeProvider time,
        IProgress<ProgressNotificationValue> progress,
        CancellationToken cancellationToken,
        [Description("How far to count, 1 to 10000")] int steps = 10,
        [Description("Milliseconds between two steps, 0 to 60000")] int millisecondsPerStep = 100,
        [Description("A name for this call, to ask for its end by")] string label = ""
    )
    {
        if (steps is < 1 or > MaxSteps || millisecondsPerStep is < 0 or > MaxMillisecondsPerStep)
        {
            throw new McpException(
                $"steps must be between 1 and {MaxSteps}, millisecondsPerStep between 0 and {MaxMillisecondsPerStep}."
            );
        }

        calls[label] = "running";
        try
        {
            for (var step = 1; step <= steps; step++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(millisecondsPerStep), time, cancellationToken);
                progress.Report(
                    new()
                    {
                        Progress = step,
                        Total = steps,
                        Message = $"step {step}",
                    }
                );
            }
        }
        catch (OperationCanceledException)
        {
            calls[label] = "cancelled";
            throw;
        }

        calls[label] = "completed";
        return $"Counted to {steps}.";
    }

    [McpServerTool(Name = "how_did_it_end", ReadOnly = true)]
    [Description("Tells whether the call of count_slowly with this label is running, completed, cancelled or unknown.")]
    public static string HowDidItEnd(LongCalls calls, [Description("The label of the call")] string label) =>
        calls[label];

    private async Task<string> LogThriceAsync(
        RequestContext<CallToolRequestParams> request,
        CancellationToken cancellationToken
    )
    {
        await ClientLog.InfoAsync(request, "Tool execution started", cancellationToken);
        await Task.Delay(Pause, time, cancellationToken);
        await ClientLog.InfoAsync(request, "Tool processing data", cancellationToken);
        await Task.Delay(Pause, time, cancellationToken);
        await ClientLog.InfoAsync(request, "Tool execution completed", cancellationToken);
        return "The log messages were offered.";
    }
}
