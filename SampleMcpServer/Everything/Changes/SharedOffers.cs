using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer.Everything.Changes;

/// <summary>
/// Gives all sessions and requests the same lists of tools, prompts and resources. The SDK creates lists for each, and what one
/// caller changes would be its own change only.
/// </summary>
internal sealed class SharedOffers : IPostConfigureOptions<McpServerOptions>
{
    // Guards the first use; later ones only read.
    private readonly Lock _gate = new();
    private McpServerOptions? _first;

    /// <inheritdoc />
    public void PostConfigure(string? name, McpServerOptions options)
    {
        lock (_gate)
        {
            _first ??= options;
        }

        options.ToolCollection = _first.ToolCollection;
        options.PromptCollection = _first.PromptCollection;
        options.ResourceCollection = _first.ResourceCollection;
    }
}
