using System.Text.Json.Nodes;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Targets.Credentials;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Mcp.Credentials;

/// <summary>
/// Puts "the person must consent first" into the form that the client understands: an input request (2026-07-28), error -32042
/// (2025-11-25), or words for a client that cannot open links.
/// </summary>
internal sealed class ConsentAnswers(RequestStates states, IOptions<GatewayOptions> gateway)
{
    /// <summary>Key of the gateway's question among the input requests.</summary>
    public const string InputKey = "gateway_consent";

    // Input requests exist for these only (MCP 2026-07-28).
    private static readonly string[] WithInputRequests = ["tools/call", "prompts/get", "resources/read"];

    /// <summary>Whether a request of this method is reason enough to ask a person.</summary>
    public static bool IsWorthAsking(string? method) => WithInputRequests.Contains(method, StringComparer.Ordinal);

    /// <summary>The answer for a person who must consent.</summary>
    public McpReply Ask(
        ClientContext client,
        McpRequest request,
        JsonObject? parameters,
        CredentialResult.ConsentRequired consent
    )
    {
        request.Outcome = ErrorCodes.ConsentRequired;
        if (!client.CanOpenLinks)
        {
            return Explain(
                client,
                request,
                ErrorCodes.ConsentRequired,
                $"{consent.Message} This client cannot open links by itself: open {gateway.Value.Absolute("/connections")} in a browser, connect '{request.Target}' there, and repeat the call."
            );
        }

        if (!client.IsModern)
        {
            return McpReply.Fail(
                JsonRpcCodes.UrlElicitationRequired,
                ErrorCodes.ConsentRequired,
                consent.Message,
                data: new JsonObject
                {
                    ["elicitations"] = new JsonArray(
                        new JsonObject
                        {
                            ["mode"] = "url",
                            ["elicitationId"] = consent.ElicitationId,
                            ["url"] = consent.Url.AbsoluteUri,
                            ["message"] = consent.Message,
                        }
                    ),
                }
            );
        }

        return McpReply.Of(InputRequired(client.Caller, request, parameters, consent));
    }

    /// <summary>The answer where asking the person would not help.</summary>
    public static McpReply Explain(ClientContext client, McpRequest request, string reason, string message)
    {
        request.Outcome = reason;
        return request.Method is "tools/call"
            ? McpReply.ToolError(reason, message, client.IsModern)
            : McpReply.Fail(JsonRpcCodes.Refused, reason, message);
    }

    private JsonObject InputRequired(
        Caller caller,
        McpRequest request,
        JsonObject? parameters,
        CredentialResult.ConsentRequired consent
    ) =>
        new()
        {
            ["resultType"] = "input_required",
            ["inputRequests"] = new JsonObject
            {
                [InputKey] = new JsonObject
                {
                    ["method"] = "elicitation/create",
                    ["params"] = new JsonObject
                    {
                        ["mode"] = "url",
                        ["url"] = consent.Url.AbsoluteUri,
                        ["message"] = consent.Message,
                    },
                },
            },
            ["requestState"] = states.Create(caller, request, parameters),
        };
}
