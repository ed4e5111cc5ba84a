using System.Text.RegularExpressions;
using AspireGateway.Gateway.Vault.Keys;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Vault;

/// <summary>Checks what the settings themselves say; <see cref="KeyRingValidator"/> looks at the files and the database.</summary>
internal sealed partial class VaultOptionsValidator(IHostEnvironment environment) : IValidateOptions<VaultOptions>
{
    private const string HowToMakeAKey = "Make one with: openssl rand -base64 32";

    public ValidateOptionsResult Validate(string? name, VaultOptions options)
    {
        var errors = Check(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private IEnumerable<string> Check(VaultOptions options)
    {
        if (options.Reset && !environment.IsDevelopment())
        {
            yield return "Gateway:Vault:Reset deletes all grants and works in Development only. Remove it.";
        }

        if (options.CacheSize is < 0 or > 10_000_000)
        {
            yield return $"Gateway:Vault:CacheSize is {options.CacheSize}. Set it to a number from 0 to 10000000.";
        }

        if (options.Keys.Count == 0 && !environment.IsDevelopment())
        {
            yield return "Gateway:Vault:Keys is empty. Outside Development the key that seals users' tokens must be configured, "
                + $"and be the same on every replica: set Keys:0:Id, and Keys:0:Value or Keys:0:File. {HowToMakeAKey}";
        }

        foreach (var error in options.Keys.SelectMany(CheckKey).Concat(CheckActive(options)))
        {
            yield return error;
        }
    }

    private static IEnumerable<string> CheckKey(KeyOptions key, int index)
    {
        var setting = $"Gateway:Vault:Keys:{index}";
        if (!KeyId().IsMatch(key.Id))
        {
            yield return $"{setting}:Id is '{key.Id}'. Use 1 to 64 letters, digits, dots, hyphens and underscores, for example 2026-11.";
        }

        if (string.IsNullOrWhiteSpace(key.Value) == string.IsNullOrWhiteSpace(key.File))
        {
            yield return $"{setting} needs either Value or File. {HowToMakeAKey}";
        }
        else if (!string.IsNullOrWhiteSpace(key.Value) && !KeyMaterial.TryParse(key.Value, out _))
        {
            yield return $"{setting}:Value is no key of {KeyMaterial.Size} random bytes in base64. {HowToMakeAKey}";
        }
    }

    private static IEnumerable<string> CheckActive(VaultOptions options)
    {
        var ids = options.Keys.Select(static key => key.Id).ToList();
        foreach (var twice in ids.GroupBy(static id => id, StringComparer.Ordinal).Where(static ids => ids.Count() > 1))
        {
            yield return $"Gateway:Vault:Keys has more than one key with the Id '{twice.Key}'. Give each key its own.";
        }

        if (options.ActiveKey is { } active)
        {
            if (!ids.Contains(active, StringComparer.Ordinal))
            {
                yield return $"Gateway:Vault:ActiveKey is '{active}', which is no Id in Gateway:Vault:Keys. Add that key or name another.";
            }
        }
        else if (ids.Count > 1)
        {
            yield return "Gateway:Vault:Keys has several keys. Set Gateway:Vault:ActiveKey to the Id of the one that seals.";
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex KeyId();
}
