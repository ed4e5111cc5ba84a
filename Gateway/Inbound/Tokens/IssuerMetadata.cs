using AspireGateway.Gateway.Telemetry;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AspireGateway.Gateway.Inbound.Tokens;

/// <summary>
/// Metadata and signing keys of one issuer: read once, kept for ever as far as the provider does not answer, and read again
/// on demand when a token names an unknown key, at most once in <see cref="MinInterval"/>.
/// </summary>
/// <remarks>
/// ASP.NET Core's default manager makes the caller who shows the new key fail first and refreshes behind them; a client that
/// gets 401 for a good token signs its user in again. Here that caller waits for the refresh instead.
/// </remarks>
internal sealed class IssuerMetadata(
    IssuerOptions options,
    IDocumentRetriever documents,
    TimeProvider time,
    ILogger<IssuerMetadata> logger
) : IConfigurationManager<OpenIdConnectConfiguration>, IDisposable
{
    /// <summary>Two reads a minute at the most, whatever tokens are shown; a new key is known within this time.</summary>
    public static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(30);

    // Before the first success there is nothing to protect, and whoever starts the system waits for it.
    private static readonly TimeSpan FirstReadInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(10);

    // One read at a time: others wait for its result, because a second one would bring nothing new.
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly Outage _outage = new();
    private volatile OpenIdConnectConfiguration? _current;
    private long? _lastAttempt;

    public IssuerOptions Options => options;

    /// <summary>What was read last; null before the first success.</summary>
    public OpenIdConnectConfiguration? Current => _current;

    /// <summary>Whether the issuer's published keys contain this one. A token without key id may be signed by any of them.</summary>
    public bool HasKey(string? keyId)
    {
        if (_current is not { } current)
        {
            return false;
        }

        if (string.IsNullOrEmpty(keyId))
        {
            return true;
        }

        foreach (var key in current.SigningKeys)
        {
            if (string.Equals(key.KeyId, keyId, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Called by JwtBearer for each token whose signature is checked; the keys are there by then.</summary>
    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        await EnsureReadAsync(cancel);
        return _current
            ?? throw new InvalidOperationException($"The metadata of issuer '{options.Name}' was not read yet.");
    }

    /// <summary>JwtBearer asks for this after an unknown key; by then <see cref="RefreshAsync"/> was tried.</summary>
    public void RequestRefresh() { }

    /// <summary>Reads the metadata if that never succeeded.</summary>
    public Task EnsureReadAsync(CancellationToken cancel) =>
        _current is null ? RefreshAsync(cancel) : Task.CompletedTask;

    /// <summary>Reads metadata and keys again, unless that was tried a moment ago. Never throws for a provider's failure.</summary>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        var asked = time.GetTimestamp();
        await _reading.WaitAsync(cancel);
        try
        {
            if (MayRead(asked))
            {
                _lastAttempt = time.GetTimestamp();
                await ReadAsync();
            }
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private bool MayRead(long asked)
    {
        if (_lastAttempt is not { } last)
        {
            return true;
        }

        var interval = _current is null ? FirstReadInterval : MinInterval;
        return last <= asked && time.GetElapsedTime(last) >= interval;
    }

    private async Task ReadAsync()
    {
        // Not the caller's token: the result serves everybody, so one who leaves must not end it.
        using var timeout = new CancellationTokenSource(ReadTimeout, time);
        try
        {
            var read = await OpenIdConnectConfigurationRetriever.GetAsync(
                options.DiscoveryUrl,
                documents,
                timeout.Token
            );
            if (Problem(read) is { } problem)
            {
                Tell(problem);
                return;
            }

            _current = read;
            _outage.Ends();
            logger.KeysRead(options.Name, options.DiscoveryUrl, read.SigningKeys.Count);
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or HttpRequestException
                        or InvalidOperationException
                        or OperationCanceledException
                        or ArgumentException
            )
        {
            Tell((exception.InnerException ?? exception).Message);
        }
    }

    // Every request may lead to another try; that it works again says the log of the keys that were read.
    private void Tell(string problem)
    {
        if (_outage.Begins(problem))
        {
            logger.IssuerUnreachable(options.Name, options.DiscoveryUrl, problem);
        }
    }

    // OpenID Connect Discovery §4.3, RFC 8414 §3.3: a document that speaks for another issuer is an attack or a mistake.
    private string? Problem(OpenIdConnectConfiguration read)
    {
        if (read.SigningKeys.Count == 0)
        {
            return "it publishes no signing key";
        }

        return
            string.Equals(read.Issuer, options.DiscoveryIssuer, StringComparison.Ordinal)
            || string.Equals(read.Issuer, options.TokenIssuer, StringComparison.Ordinal)
            ? null
            : $"its issuer is '{read.Issuer}' instead of '{options.DiscoveryIssuer}'; correct DiscoveryUrl, or set Issuer if both are right";
    }
}
