namespace AspireGateway.Gateway.Telemetry;

/// <summary>What the gateway tells about itself; section <c>Gateway:Telemetry</c>. Where it goes is OpenTelemetry's own configuration.</summary>
internal sealed class TelemetryOptions
{
    public const string Section = "Gateway:Telemetry";

    /// <summary>
    /// Secret salt of the hashes that stand for people in spans, at least 16 characters. Empty: random, so that the hashes of one person differ
    /// between replicas and after a restart.
    /// </summary>
    public string UserSalt { get; set; } = "";
}
