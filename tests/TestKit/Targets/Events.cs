using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.TestKit.Targets;

/// <summary>What a fake target says on a stream of events.</summary>
public static class Events
{
    /// <summary>Begins the stream, so that its headers are sent.</summary>
    public static Task OpenEventsAsync(this HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        return context.Response.Body.FlushAsync(context.RequestAborted);
    }

    /// <summary>Sends text as it is.</summary>
    public static async Task SayAsync(this HttpContext context, string text)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "text/event-stream";
        }

        await context.Response.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    /// <summary>An event that holds a message.</summary>
    public static string Event(string message, string? id = null) =>
        $"{(id is null ? "" : $"id: {id}\n")}event: message\ndata: {message}\n\n";

    /// <summary>A response to the request that was sent.</summary>
    public static string Answer(this RecordedRequest request, string result = "{}") =>
        $$"""{"jsonrpc":"2.0","id":{{request.Id}},"result":{{result}}}""";

    /// <summary>Answers with one JSON message.</summary>
    public static Task AnswerAsync(this HttpContext context, string message, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(message, context.RequestAborted);
    }

    /// <summary>Waits until the client, or whoever is between, has left.</summary>
    public static async Task UntilLeftAsync(this HttpContext context)
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = context.RequestAborted.Register(left.SetResult);
        await left.Task;
    }

    /// <summary>A member of the message, as JSON; null without.</summary>
    public static string? Member(this RecordedRequest request, string name) =>
        request.Body.Length == 0 ? null : JsonNode.Parse(request.Body)?[name]?.ToJsonString();
}
