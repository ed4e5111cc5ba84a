using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AspireGateway.AppHost.AspireOnly;

/// <summary>What the local engine has by itself.</summary>
internal static partial class FailureHints
{
    /// <summary>When the resource fails, one more line is put into its log: what a person can do about it.</summary>
    public static IResourceBuilder<T> WithFailureHint<T>(
        this IResourceBuilder<T> builder,
        Func<IReadOnlyList<string>, string?> explain
    )
        where T : IResource =>
        builder.OnResourceStopped(
            async (resource, stopped, cancellationToken) =>
            {
                if (stopped.ResourceEvent.Snapshot.ExitCode is null or 0)
                {
                    return;
                }

                var logs = stopped.Services.GetRequiredService<ResourceLoggerService>();
                var lines = new List<string>();
                await foreach (
                    var batch in logs.GetAllAsync(stopped.ResourceEvent.ResourceId).WithCancellation(cancellationToken)
                )
                {
                    lines.AddRange(batch.Select(static line => line.Content));
                }

                if (explain(lines) is { } advice)
                {
                    LogAdvice(logs.GetLogger(stopped.ResourceEvent.ResourceId), advice);
                }
            }
        );

    [LoggerMessage(Level = LogLevel.Error, Message = "{Advice}")]
    private static partial void LogAdvice(ILogger logger, string advice);
}
