using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Targets.Catalogue;

/// <summary>What is kept of the targets' lists. Section <c>Gateway:Catalogue</c>.</summary>
internal sealed class CatalogueOptions
{
    public const string Section = "Gateway:Catalogue";

    private const int MostTargets = 1000;
    private const int LeastBytes = 64 * 1024;
    private const int MostBytes = 64 * 1024 * 1024;
    private const int MostItems = 10_000;

    /// <summary>More targets than this are refused: an agent could not make sense of their tools either.</summary>
    public int MaxTargets { get; set; } = 100;

    /// <summary>More of one target's tools, prompts, resources or templates than this are not listed.</summary>
    public int MaxItems { get; set; } = 1000;

    /// <summary>Largest size of everything that one target lists, in bytes; a target that lists more has failed.</summary>
    public int MaxBytes { get; set; } = 6 * 1024 * 1024;

    /// <summary>How often targets are asked again.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(5);

    internal sealed class Validator(IConfiguration configuration) : IValidateOptions<CatalogueOptions>
    {
        public ValidateOptionsResult Validate(string? name, CatalogueOptions options)
        {
            var errors = new List<string>();
            var targets = configuration.GetSection(TargetsOptions.Section).GetChildren().Count();
            if (options.MaxTargets is < 1 or > MostTargets)
            {
                errors.Add($"{Section}:MaxTargets is {options.MaxTargets}. Choose between 1 and {MostTargets}.");
            }
            else if (targets > options.MaxTargets)
            {
                errors.Add(
                    $"{TargetsOptions.Section} has {targets} entries, and {Section}:MaxTargets is {options.MaxTargets}. Spread them over several gateways, or raise the limit."
                );
            }

            if (options.MaxItems is < 1 or > MostItems)
            {
                errors.Add($"{Section}:MaxItems is {options.MaxItems}. Choose between 1 and {MostItems}.");
            }

            if (options.MaxBytes is < LeastBytes or > MostBytes)
            {
                errors.Add($"{Section}:MaxBytes is {options.MaxBytes}. Choose between {LeastBytes} and {MostBytes}.");
            }

            if (options.Interval < TimeSpan.FromSeconds(10) || options.Interval > TimeSpan.FromDays(1))
            {
                errors.Add($"{Section}:Interval is {options.Interval}. Choose between 00:00:10 and 1.00:00:00.");
            }

            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
