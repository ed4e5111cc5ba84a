using System.Buffers;

namespace AspireGateway.Gateway.Mcp.Requests;

/// <summary>A request body read whole into a pooled buffer, and put in place of the stream that it came from.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstSize = 4096;

    private byte[] _buffer;
    private int _length;

    private RequestBody(int size) => _buffer = ArrayPool<byte>.Shared.Rent(size);

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Reads the body; null when it is larger than <paramref name="limit"/> bytes.</summary>
    /// <exception cref="BadHttpRequestException">The client broke off, was too slow, or sent a malformed body.</exception>
    public static async ValueTask<RequestBody?> ReadAsync(HttpContext context, int limit)
    {
        var declared = context.Request.ContentLength;
        if (declared > limit)
        {
            return null;
        }

        var body = new RequestBody((int)(declared ?? FirstSize) + 1);
        try
        {
            if (await body.FillAsync(context.Request.Body, limit, context.RequestAborted))
            {
                context.Request.Body = new MemoryStream(body._buffer, 0, body._length, writable: false);
                return body;
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }

        body.Dispose();
        return null;
    }

    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<bool> FillAsync(Stream stream, int limit, CancellationToken cancel)
    {
        int read;
        while ((read = await stream.ReadAsync(_buffer.AsMemory(_length), cancel)) > 0)
        {
            _length += read;
            if (_length > limit)
            {
                return false;
            }

            if (_length == _buffer.Length)
            {
                Grow();
            }
        }

        return true;
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        Bytes.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
