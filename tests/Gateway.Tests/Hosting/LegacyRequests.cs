using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Tests.Hosting;

/// <summary>Requests of the revisions with sessions.</summary>
internal static class LegacyRequests
{
    public const string Initialize =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"old","version":"1"}}}""";

    /// <summary>A POST within a session.</summary>
    public static HttpRequestMessage Post(string path, string body, string token, string? session) =>
        In(session, McpRequests.Post(path, body, token));

    /// <summary>GET or DELETE within a session.</summary>
    public static HttpRequestMessage Send(HttpMethod method, string path, string token, string? session)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        return In(session, request);
    }

    /// <summary>What <c>tools/call</c> looks like with a progress token.</summary>
    public static string CallWithProgress(int id, string tool, string token) =>
        new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id,
            ["method"] = "tools/call",
            ["params"] = new JsonObject
            {
                ["name"] = tool,
                ["arguments"] = new JsonObject(),
                ["_meta"] = new JsonObject { ["progressToken"] = token },
            },
        }.ToJsonString();

    private static HttpRequestMessage In(string? session, HttpRequestMessage request)
    {
        if (session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", session);
        }

        return request;
    }
}
