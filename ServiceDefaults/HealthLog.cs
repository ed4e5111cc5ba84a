using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace AspireGateway.ServiceDefaults;

/// <summary>
/// Says in the log why a process is not healthy, once per change. The framework says it on every probe, which buries the rest
/// when something probes often; the answer itself says one word, because it is anonymous.
/// </summary>
internal sealed partial class HealthLog(ILogger<HealthLog> logger)
{
    /// <summary>Category of the framework's own lines.</summary>
    public const string FrameworkCategory = "Microsoft.Extensions.Diagnostics.HealthChecks";

    private volatile string _last = string.Empty;

    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.RequestServices.GetRequiredService<HealthLog>().Write(report);
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(report.Status.ToString(), context.RequestAborted);
    }

    private void Write(HealthReport report)
    {
        var troubles = report
            .Entries.Where(static entry => entry.Value.Status != HealthStatus.Healthy)
            .Select(static entry =>
                $"{entry.Key}: {entry.Value.Description ?? entry.Value.Exception?.Message ?? "no reason given"}"
            );
        var now = string.Join("; ", troubles);
        if (Interlocked.Exchange(ref _last, now) == now)
        {
            return;
        }

        if (now.Length == 0)
        {
            Recovered(logger);
        }
        else
        {
            NotHealthy(logger, report.Status, now);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Status}: {Troubles}")]
    private static partial void NotHealthy(ILogger logger, HealthStatus status, string troubles);

    [LoggerMessage(Level = LogLevel.Information, Message = "Healthy")]
    private static partial void Recovered(ILogger logger);
}
