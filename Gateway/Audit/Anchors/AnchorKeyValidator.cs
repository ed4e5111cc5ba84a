using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Audit.Anchors;

/// <summary>Reads the key files at the start: without the key that is configured the gateway does not start.</summary>
internal sealed class AnchorKeyValidator(IOptions<AuditOptions> options) : IValidateOptions<AnchorKeyCheck>
{
    public ValidateOptionsResult Validate(string? name, AnchorKeyCheck _)
    {
        var anchors = options.Value.Anchors;
        if (!anchors.Enabled || options.Value.Durability is AuditDurability.Off)
        {
            return ValidateOptionsResult.Success;
        }

        var errors = anchors
            .FormerKeyFiles.Select(static (file, index) => Check(file, $"FormerKeyFiles:{index}", needsPrivate: false))
            .Append(
                string.IsNullOrWhiteSpace(anchors.KeyFile)
                    ? null
                    : Check(anchors.KeyFile, "KeyFile", needsPrivate: true)
            )
            .OfType<string>()
            .ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static string? Check(string file, string setting, bool needsPrivate)
    {
        try
        {
            AnchorKeys.ReadFile(file, needsPrivate).Dispose();
            return null;
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return $"Gateway:Audit:Anchors:{setting} cannot be used: {exception.Message} Mount it, or name another file.";
        }
    }
}

/// <summary>Has no settings. It is checked once at the start, whereas options are checked whenever they are made.</summary>
internal sealed class AnchorKeyCheck;
