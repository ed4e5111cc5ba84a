using System.Buffers;
using AspireGateway.Gateway.Mcp.Limits;
using AspireGateway.Gateway.Targets.Upstream.Wire;

namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>
/// Step 9 of <c>/mcp/{target}</c>: the body of an answer, byte for byte. A message that fits a buffer is looked at before it is sent, so
/// that a broken one becomes an error; everything else goes on as it comes, at the pace of the client that reads it.
/// </summary>
internal sealed class AnswerRelay(FailedAnswers failures, Drain drain)
{
    private const int FirstSize = 4 * 1024;
    private const int MessageSize = 64 * 1024;

    /// <summary>
    /// Copies the body; status and headers are set. Tells the client of every failure of the target itself, and throws only when the
    /// client leaves.
    /// </summary>
    public async Task CopyAsync(Transfer transfer)
    {
        var isEventStream = AnswerRules.IsEventStream(transfer.Answer);
        if (!isEventStream && !AnswerRules.IsJson(transfer.Answer))
        {
            // A status without a message, or a page that is for nobody here.
            transfer.Context.Response.Headers.ContentType = default;
            return;
        }

        var stream = await transfer.Answer.Content.ReadAsStreamAsync(transfer.Cancel);
        if (isEventStream)
        {
            await new EventStreamRelay(transfer, failures, drain).CopyAsync(stream);
            return;
        }

        try
        {
            await CopyMessageAsync(transfer, stream);
        }
        catch (Exception exception) when (Transfer.IsBroken(exception) || transfer.Cancel.IsCancellationRequested)
        {
            await FailAsync(transfer, transfer.WhatEndedIt(drain, exception));
        }
    }

    private async Task CopyMessageAsync(Transfer transfer, Stream stream)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstSizeOf(transfer.Answer));
        try
        {
            int read,
                length = 0;
            while ((read = await stream.ReadAsync(buffer.AsMemory(length), transfer.Cancel)) > 0)
            {
                length += read;
                if (length < buffer.Length)
                {
                    continue;
                }

                if (length >= MessageSize)
                {
                    await CopyRestAsync(transfer, stream, buffer, length);
                    return;
                }

                buffer = Grow(buffer);
            }

            await SendWholeAsync(transfer, buffer.AsMemory(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task SendWholeAsync(Transfer transfer, ReadOnlyMemory<byte> body)
    {
        var (context, request, target, answer, cancel) = transfer;
        var isRefusal = (int)answer.StatusCode >= 400;
        if (request.IsCall && AnswerMessage.Check(body.Span, request.Id.Span, isRefusal) is { } problem)
        {
            var refused = AnswerProblem.Refused(target, (int)answer.StatusCode);
            await failures.WriteAsync(
                context,
                request,
                target,
                isRefusal ? refused : AnswerProblem.Malformed(target, problem)
            );
            return;
        }

        if (body.Length > 0)
        {
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body, cancel);
        }
    }

    private async Task CopyRestAsync(Transfer transfer, Stream stream, byte[] buffer, int length)
    {
        transfer.Context.Response.ContentLength = transfer.Answer.Content.Headers.ContentLength;
        var total = 0L;
        do
        {
            total += length;
            if (total > BoundedStream.MaxMessage)
            {
                await FailAsync(transfer, AnswerProblem.TooLarge(transfer.Target));
                return;
            }

            await transfer.Context.Response.Body.WriteAsync(buffer.AsMemory(0, length), transfer.Cancel);
        } while ((length = await stream.ReadAsync(buffer, transfer.Cancel)) > 0);
    }

    private async Task FailAsync(Transfer transfer, AnswerProblem? problem)
    {
        var (context, request, target, _, _) = transfer;
        if (problem is null)
        {
            request.Outcome = "cancelled";
        }
        else if (!context.Response.HasStarted)
        {
            context.Response.ContentLength = null;
            await failures.WriteAsync(context, request, target, problem);
        }
        else
        {
            // The only way to say that a message is not whole.
            failures.Note(request, target, problem);
            context.Abort();
        }
    }

    private static int FirstSizeOf(HttpResponseMessage answer) =>
        answer.Content.Headers.ContentLength is { } length ? (int)Math.Min(length + 1, MessageSize) : FirstSize;

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 4);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
