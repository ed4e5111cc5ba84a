using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Targets.Naming;

/// <summary>How the aggregate endpoint names what targets list: settings among those of the MCP endpoints.</summary>
internal abstract class NamingSettings
{
    /// <summary>What stands between target and tool in the names of the aggregate endpoint.</summary>
    public string ToolNameSeparator { get; set; } = "___";

    /// <summary>Whether the aggregate endpoint has one target only, whose names and URIs it leaves as they are.</summary>
    public bool SingleTarget { get; set; }

    /// <summary>Whether tools and prompts whose names are too long for some clients are listed by their alias.</summary>
    public bool ListAliases { get; set; }
}

/// <summary>The naming alone. Section <c>Gateway:Mcp</c>.</summary>
internal sealed class NamingOptions : NamingSettings
{
    public const string Section = "Gateway:Mcp";

    /// <summary>Checks the names, and that a single target is one.</summary>
    internal sealed class Validator(IConfiguration configuration) : IValidateOptions<NamingOptions>
    {
        public ValidateOptionsResult Validate(string? name, NamingOptions options)
        {
            var errors = new List<string>();

            // A target's name may contain hyphens and digits but none of these.
            if (
                options.ToolNameSeparator.Length is 0 or > 8
                || !options.ToolNameSeparator.All(static c => c is '_' or '.')
            )
            {
                errors.Add(
                    $"{Section}:ToolNameSeparator is '{options.ToolNameSeparator}'. Use one to eight underscores or dots, for example ___."
                );
            }

            // The targets' own options may have mistakes, which are theirs to tell.
            var targets = configuration.GetSection(TargetsOptions.Section).GetChildren().Count();
            if (options.SingleTarget && targets > 1)
            {
                errors.Add(
                    $"{Section}:SingleTarget is true, but {TargetsOptions.Section} has {targets} entries, and without prefixes nobody could tell their tools apart. Remove the setting, or all targets but one."
                );
            }

            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
