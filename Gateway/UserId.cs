namespace AspireGateway.Gateway;

/// <summary>Who a person is to the gateway: the configured name of the issuer and the subject that it gave.</summary>
/// <param name="Issuer">Configured name of the issuer, stable even when its URL changes.</param>
/// <param name="Subject">Value of the configured subject claim.</param>
internal readonly record struct UserId(string Issuer, string Subject)
{
    public override string ToString() => $"{Issuer}:{Subject}";
}
