using AspireGateway.Gateway.Vault.Storage;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace AspireGateway.Gateway.Vault.Keys;

/// <summary>The key ring as it is configured now. A changed configuration takes its place while the gateway runs, if it is valid.</summary>
internal sealed class KeyRings : IDisposable
{
    private readonly IOptionsFactory<VaultOptions> _options;
    private readonly KeyRingValidator _validator;
    private readonly VaultFolder _folder;
    private readonly ILogger<KeyRings> _logger;
    private readonly IDisposable _changes;
    private volatile KeyRing? _current;

    public KeyRings(
        IOptionsFactory<VaultOptions> factory,
        IOptions<VaultOptions> options,
        KeyRingValidator validator,
        VaultFolder folder,
        IConfiguration configuration,
        ILogger<KeyRings> logger
    )
    {
        _options = factory;
        _validator = validator;
        _folder = folder;
        _logger = logger;
        _current = Load(options.Value);
        _changes = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
    }

    /// <summary>Ids of the keys that can open values.</summary>
    public IReadOnlyList<string> Ids => _current?.Ids ?? [];

    public KeyRing Current => _current ?? throw new InvalidOperationException("The vault is not open.");

    /// <summary>Reads the development key where there was none yet, because another process may have made it.</summary>
    public void ReadDevelopmentKey()
    {
        if (_current is null && DevelopmentKey.TryRead(_folder, out var key))
        {
            _current = new KeyRing([key], active: null);
        }
    }

    /// <summary>
    /// Makes the development key where there is none. Only for a database without sealed rows: what is sealed cannot be
    /// opened with a new key.
    /// </summary>
    public void EnsureKey() => _current ??= new KeyRing([DevelopmentKey.Create(_folder)], active: null);

    public void Dispose() => _changes.Dispose();

    private KeyRing? Load(VaultOptions options)
    {
        if (options.Keys.Count > 0)
        {
            return new KeyRing(options.Keys.Select(Read), options.ActiveKey);
        }

        return DevelopmentKey.TryRead(_folder, out var key) ? new KeyRing([key], active: null) : null;
    }

    private static KeyEncryptionKey Read(KeyOptions options)
    {
        var text = options.File is { Length: > 0 } file ? File.ReadAllText(file) : options.Value;
        return KeyMaterial.TryParse(text ?? "", out var key)
            ? new KeyEncryptionKey(options.Id, key)
            : throw new InvalidDataException(
                $"The key '{options.Id}' is no key of {KeyMaterial.Size} bytes in base64."
            );
    }

    private void Reload()
    {
        try
        {
            var options = _options.Create(Options.DefaultName);
            if (_validator.Check(options) is { Count: > 0 } errors)
            {
                _logger.KeysNotLoaded(string.Join(' ', errors));
            }
            else if (options.Keys.Count > 0)
            {
                _current = Load(options);
                _logger.KeysLoaded(Current.Active.Id, string.Join(", ", Current.Ids));
            }
        }
        catch (Exception exception)
            when (exception is OptionsValidationException or IOException or UnauthorizedAccessException)
        {
            _logger.KeysNotLoaded(exception.Message);
        }
    }
}
