using AspireGateway.Gateway.Inbound.Challenge;

namespace AspireGateway.Gateway.Inbound.Tokens;

/// <summary>Carries a <see cref="Refusal"/> through ASP.NET Core's authentication results, which take an exception. Never thrown.</summary>
internal sealed class RefusedTokenException(Refusal refusal) : Exception(refusal.Reason)
{
    public Refusal Refusal { get; } = refusal;
}
