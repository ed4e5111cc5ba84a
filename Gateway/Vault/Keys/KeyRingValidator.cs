using System.Data.Common;
using AspireGateway.Gateway.Vault.Storage;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Vault.Keys;

/// <summary>
/// Reads the key files, and asks the database which keys its rows need: without one of them the gateway does not start. A
/// database that does not answer is no reason; it is asked again when it is opened.
/// </summary>
internal sealed class KeyRingValidator(IConfiguration configuration, IHostEnvironment environment)
    : IValidateOptions<KeyRingCheck>
{
    private string? ConnectionString => configuration.GetConnectionString(VaultOptions.ConnectionName);

    public ValidateOptionsResult Validate(string? name, KeyRingCheck options)
    {
        var settings = new VaultOptions();
        configuration.GetSection(VaultOptions.Section).Bind(settings);
        var errors = Check(settings);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    /// <summary>What stands against these keys.</summary>
    public IReadOnlyList<string> Check(VaultOptions options)
    {
        var errors = new List<string>();
        errors.AddRange(options.Keys.SelectMany(CheckFile));
        if (options.Reset && !string.IsNullOrWhiteSpace(ConnectionString))
        {
            errors.Add(
                "Gateway:Vault:Reset deletes files, and the vault is in PostgreSQL. Drop that database by hand, or remove the setting."
            );
        }

        try
        {
            var folder = new VaultFolder(options.FullDataPath);

            // Without keys in production another error says what to do.
            if (!options.Reset && (options.Keys.Count > 0 || environment.IsDevelopment()))
            {
                errors.AddRange(CheckDatabase(options, folder));
            }
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            errors.Add(
                $"ConnectionStrings:{VaultOptions.ConnectionName} is no connection string of PostgreSQL: {exception.Message} "
                    + "Write Host=…;Database=…;Username=…;Password=…, or remove it for SQLite."
            );
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            errors.Add(
                $"The vault's folder cannot be used: {exception.Message} Make '{options.FullDataPath}' accessible, or set "
                    + "Gateway:Vault:DataPath."
            );
        }

        return errors;
    }

    /// <summary>What to do when rows need keys that are not there.</summary>
    public static string Missing(string location, IEnumerable<string> keys) =>
        $"The vault ({location}) holds values sealed with the key(s) {string.Join(", ", keys)}, which are not there. Put them "
        + "back into Gateway:Vault:Keys, or the development key's file into its folder: no other key can open them. In "
        + "Development, Gateway:Vault:Reset=true starts afresh with SQLite; all users then consent again.";

    private static IEnumerable<string> CheckFile(KeyOptions key, int index)
    {
        if (string.IsNullOrWhiteSpace(key.File))
        {
            yield break;
        }

        string? problem = null;
        try
        {
            problem = KeyMaterial.TryParse(File.ReadAllText(key.File), out _)
                ? null
                : $"holds no key of {KeyMaterial.Size} random bytes in base64. Make one with: openssl rand -base64 32";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem = $"cannot be read: {exception.Message} Mount it, or name another file.";
        }

        if (problem is not null)
        {
            yield return $"Gateway:Vault:Keys:{index}:File '{key.File}' {problem}";
        }
    }

    private IEnumerable<string> CheckDatabase(VaultOptions options, VaultFolder folder)
    {
        using var database = VaultDatabase.Create(ConnectionString, folder);
        IReadOnlyList<string> needed;
        try
        {
            needed = database.ReadKeyIds();
        }
        catch (DbException)
        {
            return [];
        }

        // After the rows: a process that makes the first row at this moment has made the key before.
        var known = options.Keys.Select(static key => key.Id).ToList();
        if (known.Count == 0 && DevelopmentKey.TryRead(folder, out var key))
        {
            known.Add(key.Id);
        }

        var missing = needed.Except(known, StringComparer.Ordinal).ToList();
        return missing.Count == 0 ? [] : [Missing(database.Location, missing)];
    }
}

/// <summary>Has no settings. It is checked once at the start, whereas options are checked whenever they are made.</summary>
internal sealed class KeyRingCheck;
