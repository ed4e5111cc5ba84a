using AspireGateway.Gateway.Targets.Credentials;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Outbound;

/// <summary>Asks the provider of the target's kind.</summary>
internal sealed class TargetCredentials(IEnumerable<ICredentialProvider> providers, ILogger<TargetCredentials> logger)
    : ITargetCredentials
{
    private readonly Dictionary<string, ICredentialProvider> _providers = providers.ToDictionary(
        static provider => provider.Kind,
        StringComparer.Ordinal
    );

    public ValueTask<CredentialResult> GetAsync(CredentialRequest request, CancellationToken cancel) =>
        _providers.TryGetValue(request.Target.CredentialKind, out var provider)
            ? GuardAsync(request, provider.GetAsync(request, cancel))
            : ValueTask.FromResult(CredentialResult.None);

    public ValueTask<CredentialResult> ReplaceAsync(
        CredentialRequest request,
        TargetCredential used,
        UpstreamRefusal refusal,
        CancellationToken cancel
    ) =>
        _providers.TryGetValue(request.Target.CredentialKind, out var provider)
            ? GuardAsync(request, provider.ReplaceAsync(request, used, refusal, cancel))
            : ValueTask.FromResult(CredentialResult.None);

    private ValueTask<CredentialResult> GuardAsync(CredentialRequest request, ValueTask<CredentialResult> result) =>
        result.IsCompletedSuccessfully ? result : AwaitAsync(request, result);

    private async ValueTask<CredentialResult> AwaitAsync(CredentialRequest request, ValueTask<CredentialResult> result)
    {
        try
        {
            return await result;
        }
        catch (VaultUnavailableException exception)
        {
            logger.VaultUnavailable(request.Target.Name, exception.Message);
            return new CredentialResult.Unavailable(
                ErrorCodes.VaultUnavailable,
                "The gateway cannot read its vault at the moment. Nothing was lost; try again later.",
                TimeSpan.FromSeconds(5)
            );
        }
    }
}
