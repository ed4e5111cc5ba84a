using AspireGateway.Gateway.Audit.Anchors;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Audit;

/// <summary>Checks what the settings themselves say; <see cref="AnchorKeyValidator"/> looks at the files.</summary>
internal sealed class AuditOptionsValidator(IHostEnvironment environment) : IValidateOptions<AuditOptions>
{
    private const long FewestSegmentBytes = 4096;

    public ValidateOptionsResult Validate(string? name, AuditOptions options)
    {
        var errors = CheckFolder(options).Concat(CheckTimes(options)).Concat(CheckKey(options.Anchors)).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private IEnumerable<string> CheckFolder(AuditOptions options)
    {
        // Up to now this was one file of a process.
        if (
            options.Path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)
            || options.Path.Contains("{process}", StringComparison.Ordinal)
        )
        {
            yield return $"Gateway:Audit:Path is '{options.Path}', a file. The record is a folder of files now, for any number of "
                + $"processes: set it to a folder, for example '{System.IO.Path.ChangeExtension(options.Path, null).Replace("-{process}", "", StringComparison.Ordinal)}'. "
                + "The old file stays as it is, and is not part of the new record.";
        }

        if (options.Durability is AuditDurability.Off)
        {
            if (!environment.IsDevelopment())
            {
                yield return "Gateway:Audit:Durability is 'off', which records nothing and works in Development only. Set it to 'process', 'write' or 'disk'.";
            }
        }
        else if (options.Durability is not (AuditDurability.Process or AuditDurability.Write or AuditDurability.Disk))
        {
            yield return $"Gateway:Audit:Durability is '{options.Durability}'. Set it to 'process' or 'write' (survives the end of the process), or 'disk' (survives a power failure).";
        }
    }

    private static IEnumerable<string> CheckTimes(AuditOptions options)
    {
        if (options.SegmentBytes < FewestSegmentBytes)
        {
            yield return $"Gateway:Audit:SegmentBytes is {options.SegmentBytes}. Set it to {FewestSegmentBytes} or more.";
        }

        if (options.SegmentAge < TimeSpan.FromMinutes(1))
        {
            yield return $"Gateway:Audit:SegmentAge is {options.SegmentAge}. Set it to 00:01:00 or more.";
        }

        if (options.Retention < TimeSpan.FromDays(1) || options.Retention < options.SegmentAge)
        {
            yield return $"Gateway:Audit:Retention is {options.Retention}. Set it to a day or more, and not less than "
                + $"Gateway:Audit:SegmentAge ({options.SegmentAge}): only whole segments are deleted.";
        }

        if (options.Anchors.Records < 1)
        {
            yield return $"Gateway:Audit:Anchors:Records is {options.Anchors.Records}. Set it to 1 or more.";
        }

        if (options.Anchors.Interval < TimeSpan.FromSeconds(1))
        {
            yield return $"Gateway:Audit:Anchors:Interval is {options.Anchors.Interval}. Set it to 00:00:01 or more.";
        }
    }

    private IEnumerable<string> CheckKey(AnchorOptions anchors)
    {
        var hasKey = !string.IsNullOrWhiteSpace(anchors.Key);
        var hasFile = !string.IsNullOrWhiteSpace(anchors.KeyFile);
        if (hasKey && hasFile)
        {
            yield return "Gateway:Audit:Anchors has Key and KeyFile. Keep one of them.";
        }
        else if (anchors.Enabled && !hasKey && !hasFile && !environment.IsDevelopment())
        {
            yield return "Gateway:Audit:Anchors has no key. Outside Development the key that signs the anchors of the audit record must be "
                + $"configured: set Gateway:Audit:Anchors:KeyFile or Key, or Gateway:Audit:Anchors:Enabled to false to go without. {AnchorKey.HowToMakeOne}";
        }
        else if (hasKey && AnchorKey.TryParse(anchors.Key!, needsPrivate: true) is null)
        {
            yield return $"Gateway:Audit:Anchors:Key is no private P-256 key in PEM form. {AnchorKey.HowToMakeOne}";
        }
    }
}
