using AspireGateway.Gateway.Targets.Credentials;

namespace AspireGateway.Gateway.Outbound;

/// <summary>Gets the credential of one kind.</summary>
internal interface ICredentialProvider
{
    /// <summary>One of <see cref="CredentialKinds"/>.</summary>
    string Kind { get; }

    /// <inheritdoc cref="ITargetCredentials.GetAsync" />
    ValueTask<CredentialResult> GetAsync(CredentialRequest request, CancellationToken cancel);

    /// <inheritdoc cref="ITargetCredentials.ReplaceAsync" />
    ValueTask<CredentialResult> ReplaceAsync(
        CredentialRequest request,
        TargetCredential used,
        UpstreamRefusal refusal,
        CancellationToken cancel
    );
}
