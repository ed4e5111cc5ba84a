using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer.Everything.Changes;

/// <summary>Tools that change what the server offers, so that clients can see that they are told.</summary>
[McpServerToolType]
internal sealed class ChangeTools
{
    [McpServerTool(Name = "test_trigger_tool_change")]
    [Description("Adds the tool added_tool, or takes it away again.")]
    public static string ToggleTool(RequestContext<CallToolRequestParams> request) =>
        Toggle(
            request.Server.ServerOptions.ToolCollection!,
            McpServerTool.Create(
                static () => "I was added.",
                new() { Name = "added_tool", Description = "Comes and goes." }
            )
        );

    [McpServerTool(Name = "test_trigger_prompt_change")]
    [Description("Adds the prompt added_prompt, or takes it away again.")]
    public static string TogglePrompt(RequestContext<CallToolRequestParams> request) =>
        Toggle(
            request.Server.ServerOptions.PromptCollection!,
            McpServerPrompt.Create(
                static () => "I was added.",
                new() { Name = "added_prompt", Description = "Comes and goes." }
            )
        );

    [McpServerTool(Name = "test_trigger_resource_change")]
    [Description("Adds the resource test://added-resource, or takes it away again.")]
    public static string ToggleResource(RequestContext<CallToolRequestParams> request) =>
        Toggle(
            request.Server.ServerOptions.ResourceCollection!,
            McpServerResource.Create(
                static () => "I was added.",
                new()
                {
                    UriTemplate = "test://added-resource",
                    Name = "added-resource",
                    Description = "Comes and goes.",
                    MimeType = "text/plain",
                }
            )
        );

    [McpServerTool(Name = "change_watched_resource")]
    [Description("Changes the resource test://watched-resource.")]
    public static string ChangeWatchedResource(WatchedResource watched) => $"Version {watched.Change()}";

    private static string Toggle<T>(McpServerPrimitiveCollection<T> offered, T primitive)
        where T : IMcpServerPrimitive
    {
        if (offered.TryGetPrimitive(primitive.Id, out var present))
        {
            offered.Remove(present);
            return $"{primitive.Id} was taken away.";
        }

        offered.TryAdd(primitive);
        return $"{primitive.Id} was added.";
    }
}
