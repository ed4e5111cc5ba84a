namespace AspireGateway.Dashboard;

/// <summary>Where the dashboard listens and what it asks of its visitors. All addresses are on loopback.</summary>
public sealed class DashboardOptions
{
    /// <summary>
    /// Address of the pages, and of OTLP over HTTP. Port 0 takes a free one, on <c>127.0.0.1</c> only.
    /// </summary>
    public required Uri Url { get; init; }

    /// <summary>Address of OTLP over gRPC (HTTP/2 without TLS, therefore a port of its own). Port 0 takes a free one.</summary>
    public required Uri OtlpGrpcUrl { get; init; }

    /// <summary>What a person shows to see the pages; part of the printed URL. At least 16 characters.</summary>
    public required string LoginToken { get; init; }

    /// <summary>What a process shows in <c>x-otlp-api-key</c> to deliver telemetry. At least 16 characters.</summary>
    public required string OtlpApiKey { get; init; }

    /// <summary>Where the dashboard's own log goes; nowhere when null.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
