using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AspireGateway.Bench;

/// <summary>
/// One keep-alive connection with one call in flight. Speaks just enough HTTP/1.1 to know where an answer ends, so that the
/// load generator takes as little of the machine as possible from what it measures.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
    };
    private readonly IReadOnlyList<byte[]> _requests;
    private int _next;
    private readonly byte[] _buffer = new byte[1024 * 1024];

    /// <summary>What stands before the time at which the target sent an event: a member of the notification.</summary>
    public const string SentAt = ",\"message\":\"";

    /// <summary>Connects.</summary>
    /// <param name="url">Where to.</param>
    /// <param name="requests">What to send, one after the other and over again.</param>
    /// <param name="first">Which to begin with, so that connections do not walk in step.</param>
    public LoadConnection(Uri url, IReadOnlyList<byte[]> requests, int first)
    {
        _requests = requests;
        _next = first % requests.Count;
        _socket.Connect(IPAddress.Loopback, url.Port);
    }

    /// <summary>The bytes of one request.</summary>
    public static byte[] Request(Uri url, string? token, string body)
    {
        var authorization = token is null ? "" : $"Authorization: Bearer {token}\r\n";
        return Encoding.UTF8.GetBytes(
            $"POST {url.AbsolutePath} HTTP/1.1\r\nHost: {url.Authority}\r\n{authorization}Content-Type: application/json\r\n"
                + "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2025-11-25\r\n"
                + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"
        );
    }

    /// <summary>Makes one call.</summary>
    /// <returns>How long its first event was on its way, in ticks of <see cref="Stopwatch"/>; null when none said so.</returns>
    /// <exception cref="InvalidOperationException">The answer was not 200.</exception>
    public async ValueTask<long?> CallAsync()
    {
        await _socket.SendAsync(_requests[_next], SocketFlags.None);
        _next = (_next + 1) % _requests.Count;
        var length = 0;
        long? firstEvent = null;
        while (true)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(length), SocketFlags.None);
            length += read;
            if (read == 0)
            {
                throw new InvalidOperationException("The connection was closed.");
            }

            firstEvent ??= TimeOnItsWay(_buffer.AsSpan(0, length));
            if (IsComplete(_buffer.AsSpan(0, length)))
            {
                return firstEvent;
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    // Only at the beginning of an answer: the others are not to pay for this.
    private static long? TimeOnItsWay(ReadOnlySpan<byte> answer)
    {
        var name = "\"message\":\""u8;
        var at = answer[..Math.Min(answer.Length, 1024)].IndexOf(name);
        if (at < 0)
        {
            return null;
        }

        var value = answer[(at + name.Length)..];
        var end = value.IndexOf((byte)'"');
        return end > 0 && long.TryParse(value[..end], provider: null, out var sent)
            ? Stopwatch.GetTimestamp() - sent
            : null;
    }

    private static bool IsComplete(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        if (!answer.StartsWith("HTTP/1.1 200"u8))
        {
            throw new InvalidOperationException(
                "Unexpected answer: " + Encoding.UTF8.GetString(answer[..Math.Min(answer.Length, 600)])
            );
        }

        var body = answer[(end + 4)..];
        return ContentLength(answer[..end]) is { } length ? body.Length >= length : body.EndsWith("0\r\n\r\n"u8);
    }

    private static int? ContentLength(ReadOnlySpan<byte> headers)
    {
        var name = "\r\nContent-Length: "u8;
        var at = headers.IndexOf(name);
        if (at < 0)
        {
            return null;
        }

        var value = headers[(at + name.Length)..];
        var end = value.IndexOf((byte)'\r');
        return int.Parse(end < 0 ? value : value[..end], provider: null);
    }
}
