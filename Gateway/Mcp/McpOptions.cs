using AspireGateway.Gateway.Mcp.Limits;
using AspireGateway.Gateway.Targets.Naming;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Mcp;

/// <summary>The MCP endpoints, and the names that they use. Section <c>Gateway:Mcp</c>.</summary>
internal sealed class McpOptions : NamingSettings
{
    public const string Section = NamingOptions.Section;

    private const int MaxRequestBytesLimit = 6 * 1024 * 1024;
    private const int MaxListPageSize = 100_000;

    /// <summary>Largest request body, in bytes.</summary>
    public int MaxRequestBytes { get; set; } = 1024 * 1024;

    /// <summary>How many items one page of a list of the aggregate endpoint has.</summary>
    public int ListPageSize { get; set; } = 1000;

    /// <summary>How much may run at once.</summary>
    public LimitOptions Limits { get; set; } = new();

    /// <summary>How long a session of a client of an older revision lives after it was started, and a stream without end of any.</summary>
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

            errors.AddRange(options.Limits.Check());
            if (options.ListPageSize is < 1 or > MaxListPageSize)
            {
                errors.Add(
                    $"Gateway:Mcp:ListPageSize is {options.ListPageSize}. Choose between 1 and {MaxListPageSize}."
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
