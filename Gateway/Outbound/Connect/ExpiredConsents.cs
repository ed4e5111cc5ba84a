using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Outbound.Connect;

/// <summary>Counts the questions that nobody answered.</summary>
internal sealed class ExpiredConsents : IRecordExpiry
{
    public string Kind => ConsentRequests.Kind;

    public void Expired(int count) => GatewayMetrics.Elicited("expired", count);
}
