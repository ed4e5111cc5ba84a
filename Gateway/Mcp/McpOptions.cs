using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Mcp;

/// <summary>The MCP endpoints. Section <c>Gateway:Mcp</c>.</summary>
internal sealed class McpOptions
{
    public const string Section = "Gateway:Mcp";

    private const int MaxRequestBytesLimit = 6 * 1024 * 1024;

    /// <summary>Largest request body, in bytes.</summary>
    public int MaxRequestBytes { get; set; } = 1024 * 1024;

    /// <summary>What stands between target and tool in the names of the aggregate endpoint.</summary>
    public string ToolNameSeparator { get; set; } = "___";

    /// <summary>How long a session of a client of an older revision lives after it was started.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(1);

    internal sealed class Validator : IValidateOptions<McpOptions>
    {
        public ValidateOptionsResult Validate(string? name, McpOptions options)
        {
            var errors = new List<string>();
            if (options.MaxRequestBytes is < 1024 or > MaxRequestBytesLimit)
            {
                errors.Add(
                    $"Gateway:Mcp:MaxRequestBytes is {options.MaxRequestBytes}. Choose between 1024 and {MaxRequestBytesLimit}."
                );
            }

            // A target's name may contain hyphens and digits but none of these.
            if (
                options.ToolNameSeparator.Length is 0 or > 8
                || !options.ToolNameSeparator.All(static c => c is '_' or '.')
            )
            {
                errors.Add(
                    $"Gateway:Mcp:ToolNameSeparator is '{options.ToolNameSeparator}'. Use one to eight underscores or dots, for example ___."
                );
            }

            if (options.SessionLifetime < TimeSpan.FromMinutes(15) || options.SessionLifetime > TimeSpan.FromHours(8))
            {
                errors.Add(
                    $"Gateway:Mcp:SessionLifetime is {options.SessionLifetime}. Choose between 00:15:00 and 08:00:00."
                );
            }

            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
