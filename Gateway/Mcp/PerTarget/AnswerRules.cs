using System.Net;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Upstream.Wire;
using Microsoft.Net.Http.Headers;

namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>
/// What an answer must look like to be one of an MCP server (Streamable HTTP), as far as status and headers tell before the first byte of
/// the body.
/// </summary>
internal static class AnswerRules
{
    private const string Json = "application/json";
    private const string EventStream = "text/event-stream";

    /// <summary>Returns why an answer is not given to the client, or null.</summary>
    public static AnswerProblem? Check(
        HttpContext context,
        McpRequest request,
        Target target,
        HttpResponseMessage answer
    )
    {
        var status = (int)answer.StatusCode;

        // A redirect, a crash, or a demand for a credential that this target was not given.
        if (status is < 200 or (>= 300 and < 400) or >= 500 or 401 or 403 or 407)
        {
            return AnswerProblem.Unavailable(target, $"it answered with HTTP status {status}");
        }

        // Compression was not asked for, and clients would not know of it.
        if (IsEncoded(answer))
        {
            return AnswerProblem.Malformed(target, "its content is encoded");
        }

        return IsJson(answer) && answer.Content.Headers.ContentLength > BoundedStream.MaxMessage
            ? AnswerProblem.TooLarge(target)
            : CheckBody(context, request, target, answer, status);
    }

    /// <summary>Whether the body is a stream of events.</summary>
    public static bool IsEventStream(HttpResponseMessage answer) => Has(answer, EventStream);

    /// <summary>Whether the body is one JSON message.</summary>
    public static bool IsJson(HttpResponseMessage answer) => Has(answer, Json);

    private static AnswerProblem? CheckBody(
        HttpContext context,
        McpRequest request,
        Target target,
        HttpResponseMessage answer,
        int status
    )
    {
        if (status >= 400)
        {
            // The status means something to clients (404: initialize again); the page that came with it does not.
            return request.IsCall && !IsJson(answer) && !IsEventStream(answer)
                ? AnswerProblem.Refused(target, status)
                : null;
        }

        var isGet = HttpMethods.IsGet(context.Request.Method);
        return request.IsCall || isGet
            ? answer.StatusCode == HttpStatusCode.OK && (IsEventStream(answer) || (!isGet && IsJson(answer)))
                ? null
                : AnswerProblem.Malformed(target, $"HTTP status {status} with neither JSON nor a stream of events")
            : null;
    }

    // Some servers, and proxies before them, say in so many words that nothing is encoded.
    private static bool IsEncoded(HttpResponseMessage answer) =>
        answer.Content.Headers.NonValidated.TryGetValues(HeaderNames.ContentEncoding, out var values)
        && values.Any(static value => !value.Equals("identity", StringComparison.OrdinalIgnoreCase));

    private static bool Has(HttpResponseMessage answer, string type) =>
        string.Equals(answer.Content.Headers.ContentType?.MediaType, type, StringComparison.OrdinalIgnoreCase);
}
