using System.Net.Http.Headers;
using AspireGateway.Gateway.Outbound.Http;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Outbound.Registration;

/// <summary>The gateway's dynamic registrations for a target, and their end (RFC 7592).</summary>
internal sealed class RegisteredClients(
    JsonDocuments documents,
    IRecordStore store,
    TimeProvider time,
    ILogger<RegisteredClients> logger
)
{
    // An administrator waits for it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly JsonRecords<StoredRegistration> _records = new(store, StoredRegistration.Kind);

    /// <summary>The registrations for a target: one, unless it has moved from one authorization server to another.</summary>
    public async Task<IReadOnlyList<StoredRegistration>> ListAsync(TargetName target, CancellationToken cancel) =>
        [.. (await _records.ListAsync(target.Value, cancel)).Select(static stored => stored.Value)];

    /// <summary>
    /// Forgets them: the next consent registers anew. Forgotten here first, so that a process which dies in between leaves a client that
    /// nobody uses, and not one that its server does not know any more.
    /// </summary>
    public async Task<IReadOnlyList<ForgottenRegistration>> ForgetAsync(TargetName target, CancellationToken cancel)
    {
        var forgotten = new List<ForgottenRegistration>();
        foreach (var (record, registration) in await _records.ListAsync(target.Value, cancel))
        {
            if (await _records.RemoveAsync(record, cancel))
            {
                var isDeleted = await DeleteAsync(registration);
                forgotten.Add(new ForgottenRegistration(registration.Issuer, registration.ClientId, isDeleted));
                logger.RegistrationForgotten(target, registration.Issuer, isDeleted);
            }
        }

        return forgotten;
    }

    private async Task<bool> DeleteAsync(StoredRegistration registration)
    {
        if (
            registration.ManagementToken is not { } token
            || !Uri.TryCreate(registration.ManagementUrl, UriKind.Absolute, out var url)
        )
        {
            return false;
        }

        using var timeout = new CancellationTokenSource(Patience, time);
        using var request = new HttpRequestMessage(HttpMethod.Delete, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            return (await documents.SendAsync(request, timeout.Token)).Status == StatusCodes.Status204NoContent;
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            return false;
        }
    }
}

/// <summary>A registration that the gateway has forgotten.</summary>
/// <param name="Issuer">The authorization server.</param>
/// <param name="ClientId">What the gateway's client id was there.</param>
/// <param name="Deleted">Whether the server confirmed that it has forgotten it too.</param>
internal sealed record ForgottenRegistration(string Issuer, string ClientId, bool Deleted);
