using System.Diagnostics;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Vault;

/// <summary>The vault's spans. They name the target and what was found, never the person or anything of a grant.</summary>
internal static class VaultSpans
{
    /// <summary>A grant that memory had.</summary>
    public static void FromMemory(TargetName target, Grant? grant)
    {
        using var span = Start(Spans.VaultRead, target);
        span?.SetTag(Tags.CacheHit, true).SetTag(Tags.Outcome, OutcomeOf(grant));
    }

    /// <summary>A grant that the database is asked for.</summary>
    public static async Task<Grant?> ReadAsync(TargetName target, Func<Task<Grant?>> read)
    {
        using var span = Start(Spans.VaultRead, target);
        span?.SetTag(Tags.CacheHit, false);
        var grant = await WatchAsync(span, read);
        span?.SetTag(Tags.Outcome, OutcomeOf(grant));
        return grant;
    }

    /// <summary>A change of a grant.</summary>
    public static async Task<T> WriteAsync<T>(TargetName target, string operation, Func<Task<T>> write)
    {
        using var span = Start(Spans.VaultWrite, target);
        span?.SetTag(Tags.Operation, operation);
        return await WatchAsync(span, write);
    }

    private static async Task<T> WatchAsync<T>(Activity? span, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (VaultUnavailableException)
        {
            span?.Fail(ErrorCodes.VaultUnavailable);
            throw;
        }
    }

    private static Activity? Start(string name, TargetName target) =>
        GatewayTelemetry.Start(name)?.SetTag(Tags.Target, target.Value);

    private static string OutcomeOf(Grant? grant) => grant?.Tokens is null ? "miss" : "hit";
}
