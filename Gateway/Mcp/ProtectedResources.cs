using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Targets;

namespace AspireGateway.Gateway.Mcp;

/// <summary>Each target's endpoint is a protected resource of its own.</summary>
internal sealed class ProtectedResources(TargetRegistry targets) : IProtectedResources
{
    public bool Exists(TargetName target) => targets.Find(target) is not null;
}
