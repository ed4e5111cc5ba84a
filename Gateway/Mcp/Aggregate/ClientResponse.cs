using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Mcp.Aggregate;

/// <summary>
/// The response to one message of a client: JSON when the answer is all there is to say and comes soon, else an event stream that ends with
/// the answer (MCP, Streamable HTTP).
/// </summary>
internal sealed class ClientResponse : IAsyncDisposable
{
    // HTTP clients give up on a response that does not begin; an answer that is quicker decides on the status.
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(250);
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HttpContext _http;
    private readonly ReadOnlyMemory<byte> _id;
    private readonly bool _isModern;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ITimer _begin;
    private bool _isStream;
    private bool _isOver;

    /// <summary>Begins to wait for the answer.</summary>
    /// <param name="http">The request.</param>
    /// <param name="id">The message's id as it stands in the body.</param>
    /// <param name="isModern">Whether the client speaks 2026-07-28, where results say what they are and some errors have a status of their own.</param>
    /// <param name="time">The clock.</param>
    public ClientResponse(HttpContext http, ReadOnlyMemory<byte> id, bool isModern, TimeProvider time)
    {
        _http = http;
        _id = id;
        _isModern = isModern;
        _begin = time.CreateTimer(
            static state => _ = ((ClientResponse)state!).BeginAsync(),
            this,
            Quick,
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>Sends a notification; nothing any more after the answer.</summary>
    public Task NotifyAsync(string method, JsonObject? parameters, CancellationToken cancel) =>
        SayAsync(id: null, method, parameters, cancel);

    /// <summary>Sends a request of the gateway, which only clients of older revisions understand.</summary>
    public Task AskAsync(string id, string method, JsonNode? parameters, CancellationToken cancel) =>
        SayAsync(id, method, parameters, cancel);

    /// <summary>Sends the answer, which ends the response.</summary>
    /// <param name="answer">Has <c>result</c> or <c>error</c>.</param>
    /// <param name="cancel">Stops sending.</param>
    public async Task AnswerAsync(JsonObject answer, CancellationToken cancel)
    {
        if (_isModern && answer["result"] is JsonObject result && !result.ContainsKey("resultType"))
        {
            result["resultType"] = "complete";
        }

        await _turn.WaitAsync(cancel);
        try
        {
            if (_isOver)
            {
                return;
            }

            using var message = new PooledWriter();
            Write(
                message,
                json =>
                {
                    json.WritePropertyName("id"u8);
                    json.WriteRawValue(_id.Span, skipInputValidation: true);
                    var member = answer.ContainsKey("error") ? "error" : "result";
                    WriteMember(json, member, answer[member]);
                }
            );
            _isOver = true;
            if (!_isStream)
            {
                _http.Response.StatusCode = StatusOf(answer);
                _http.Response.ContentType = "application/json";
                _http.Response.ContentLength = message.Written.Length;
                _http.Response.Headers.CacheControl = "no-store";
            }

            await _http.Response.Body.WriteAsync(message.Written, cancel);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Nothing touches the HTTP request any more, which the server uses again for another one.</summary>
    public async ValueTask DisposeAsync()
    {
        await _begin.DisposeAsync();
        await _turn.WaitAsync();
        _isOver = true;
        _turn.Release();
    }

    private async Task SayAsync(string? id, string method, JsonNode? parameters, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            if (_isOver)
            {
                return;
            }

            StartStream();
            using var message = new PooledWriter();
            Write(
                message,
                json =>
                {
                    if (id is not null)
                    {
                        json.WriteString("id"u8, id);
                    }

                    json.WriteString("method"u8, method);
                    if (parameters is not null)
                    {
                        WriteMember(json, "params", parameters);
                    }
                }
            );
            await _http.Response.Body.WriteAsync(message.Written, cancel);
            await _http.Response.Body.FlushAsync(cancel);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task BeginAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (!_isOver && !_isStream)
            {
                StartStream();
                await _http.Response.Body.FlushAsync(_http.RequestAborted);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client has left, which the call itself hears of.
        }
        finally
        {
            _turn.Release();
        }
    }

    private void StartStream()
    {
        if (!_isStream)
        {
            _isStream = true;
            _http.Response.ContentType = "text/event-stream";
            _http.Response.Headers.CacheControl = "no-store";

            // Proxies of the nginx kind would keep events back.
            _http.Response.Headers["X-Accel-Buffering"] = "no";
        }
    }

    // Whole before any of it is sent: what cannot be written becomes an error, and no half of an answer.
    private void Write(PooledWriter message, Action<Utf8JsonWriter> writeMembers)
    {
        if (_isStream)
        {
            message.Write("event: message\ndata: "u8);
        }

        using (var json = new Utf8JsonWriter(message, Plain))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc"u8, "2.0"u8);
            writeMembers(json);
            json.WriteEndObject();
        }

        if (_isStream)
        {
            message.Write("\n\n"u8);
        }
    }

    private static void WriteMember(Utf8JsonWriter json, string name, JsonNode? value)
    {
        json.WritePropertyName(name);
        if (value is null)
        {
            json.WriteNullValue();
        }
        else
        {
            value.WriteTo(json);
        }
    }

    private int StatusOf(JsonObject answer) =>
        _isModern && answer["error"] is JsonObject error
            ? error["code"]!.GetValue<int>() switch
            {
                JsonRpcCodes.MethodNotFound => StatusCodes.Status404NotFound,
                JsonRpcCodes.HeaderMismatch or JsonRpcCodes.MissingCapability or JsonRpcCodes.UnsupportedVersion =>
                    StatusCodes.Status400BadRequest,
                _ => StatusCodes.Status200OK,
            }
            : StatusCodes.Status200OK;
}
