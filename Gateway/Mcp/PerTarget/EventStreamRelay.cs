using System.Buffers;
using System.Text.Json;
using AspireGateway.Gateway.Mcp.Limits;
using AspireGateway.Gateway.Mcp.Requests;

namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>
/// Copies a stream of events, each as soon as it is there, and ends it in order when it cannot go on: a call gets its error as a last
/// event, a subscription its result.
/// </summary>
internal sealed class EventStreamRelay(Transfer transfer, FailedAnswers failures, Drain drain)
{
    private const int BufferSize = 16 * 1024;

    private EventStreamEnd _end = new();
    private bool _isWriting;

    public async Task CopyAsync(Stream stream)
    {
        try
        {
            while (await CopyNextAsync(stream)) { }
        }
        catch (Exception exception) when (Transfer.IsBroken(exception) || transfer.Cancel.IsCancellationRequested)
        {
            await EndAsync(transfer.WhatEndedIt(drain, exception));
        }
    }

    private async Task<bool> CopyNextAsync(Stream stream)
    {
        var response = transfer.Context.Response;

        // Without a buffer: a stream on which nothing is said costs none.
        var hasMore = stream.ReadAsync(Memory<byte>.Empty, transfer.Cancel);
        if (!hasMore.IsCompleted && !response.HasStarted)
        {
            // The client may want to know that the stream is open before anything is said on it.
            await response.Body.FlushAsync(transfer.Cancel);
        }

        await hasMore;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var read = await stream.ReadAsync(buffer, transfer.Cancel);
            if (read > 0)
            {
                _isWriting = true;
                await response.Body.WriteAsync(buffer.AsMemory(0, read), transfer.Cancel);
                _isWriting = false;
                _end.Follow(buffer.AsSpan(0, read));
            }

            return read > 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task EndAsync(AnswerProblem? problem)
    {
        var (context, request, target, _, _) = transfer;
        if (problem is null)
        {
            request.Outcome = "cancelled";
            return;
        }

        var isBroken = !transfer.Cancel.IsCancellationRequested;
        if (_isWriting || (isBroken && (_end.IsResumable || request.IsListening)))
        {
            // Nothing can be said to a client that does not read; and one that can resume must not take this for the end.
            failures.Note(request, target, problem);
            context.Abort();
        }
        else if (request.IsListening)
        {
            await SayAsync(request.IsCall ? Result(request) : default);
        }
        else
        {
            await SayAsync(request.IsCall ? failures.ToMessage(request, target, problem) : default);
        }
    }

    private async Task SayAsync(ReadOnlyMemory<byte> message)
    {
        var events = new ArrayBufferWriter<byte>(message.Length + 64);
        if (!_end.IsBetweenEvents)
        {
            // Half an event would be taken for a whole message; one of an unknown type is passed over.
            events.Write("\nevent: incomplete\n\n"u8);
        }

        if (!message.IsEmpty)
        {
            events.Write("event: message\ndata: "u8);
            events.Write(message.Span);
            events.Write("\n\n"u8);
        }

        await transfer.Context.Response.Body.WriteAsync(events.WrittenMemory, transfer.Context.RequestAborted);
    }

    // MCP 2026-07-28, subscriptions: the result says that the server, and not the network, has ended the stream.
    private static ReadOnlyMemory<byte> Result(McpRequest request)
    {
        var body = new ArrayBufferWriter<byte>(192);
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("jsonrpc", "2.0");
        json.WritePropertyName("id");
        json.WriteRawValue(request.Id.Span, skipInputValidation: true);
        json.WriteStartObject("result");
        json.WriteString("resultType", "complete");
        json.WriteStartObject("_meta");
        json.WritePropertyName(McpMeta.SubscriptionId);
        json.WriteRawValue(request.Id.Span, skipInputValidation: true);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }
}
