using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.TestKit.Targets;

/// <summary>
/// An MCP server of either era that talks during its calls: notifications, and questions to the client. What it says is up to the test.
/// </summary>
public sealed class ConversingTarget : McpTarget
{
    private const int MissingCapability = -32021;

    private readonly bool _isModern;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonObject>> _asked = new(
        StringComparer.Ordinal
    );
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Channel<JsonObject>, CancellationTokenSource> _streams = new();
    private int _lastQuestion;

    private ConversingTarget(bool isModern) => _isModern = isModern;

    /// <summary>URL of the MCP endpoint.</summary>
    public string Url => BaseUrl + "/mcp";

    /// <summary>Answers <c>tools/call</c> with a result.</summary>
    public Func<ToolTalk, Task<JsonObject>> OnCall { get; set; } = static talk => Task.FromResult(Text(talk.Arguments));

    /// <summary>Answers other requests with a result; null for "method not found".</summary>
    public Func<JsonObject, JsonObject?> OnOther { get; set; } = static _ => null;

    /// <summary>Definition of its one tool.</summary>
    public JsonObject Tool { get; set; } =
        new()
        {
            ["name"] = "talk",
            ["inputSchema"] = new JsonObject { ["type"] = "object" },
        };

    /// <summary>A resource that nobody can follow here.</summary>
    public string? Refused { get; set; }

    /// <summary>Until then a new <c>subscriptions/listen</c> is neither acknowledged nor told anything.</summary>
    public Task Acknowledging { get; set; } = Task.CompletedTask;

    /// <summary>How many streams it tells on what belongs to no call.</summary>
    public int StreamCount => _streams.Count;

    /// <summary>How many calls were cancelled.</summary>
    public int Cancelled { get; private set; }

    /// <summary>Parameters of each <c>initialize</c>.</summary>
    public ConcurrentQueue<JsonObject> Initialized { get; } = [];

    /// <summary>Starts a target of 2026-07-28, or of 2025-11-25 with sessions.</summary>
    public static async Task<ConversingTarget> StartNewAsync(bool isModern)
    {
        var target = new ConversingTarget(isModern);
        await target.StartAsync();
        return target;
    }

    /// <summary>A result with a text.</summary>
    public static JsonObject Text(JsonNode? text) =>
        new()
        {
            ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text?.ToJsonString() ?? "" }),
        };

    /// <summary>A result that asks for input.</summary>
    public static JsonObject InputRequired(JsonObject inputRequests, string? state = "state of the target") =>
        new()
        {
            ["resultType"] = "input_required",
            ["inputRequests"] = inputRequests,
            ["requestState"] = state,
        };

    /// <summary>Says something outside of calls, to whoever listens now and to nobody later.</summary>
    public void Say(string method, JsonObject? parameters = null)
    {
        foreach (var stream in _streams.Keys)
        {
            stream.Writer.TryWrite(Message(method, parameters?.DeepClone() as JsonObject));
        }
    }

    /// <summary>Breaks the streams of those who listen now.</summary>
    public void BreakStreams()
    {
        foreach (var end in _streams.Values)
        {
            end.Cancel();
        }
    }

    protected override async Task AnswerAsync(HttpContext context, RecordedRequest request)
    {
        if (request.Body.Length == 0)
        {
            await AnswerWithoutBodyAsync(context);
            return;
        }

        var message = JsonNode.Parse(request.Body)!.AsObject();
        if (!message.ContainsKey("method"))
        {
            if (_asked.TryRemove(message["id"]!.ToString(), out var asked))
            {
                asked.TrySetResult(message);
            }

            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        else if (!message.ContainsKey("id"))
        {
            Cancel(message);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        else
        {
            await AnswerRequestAsync(context, message);
        }
    }

    internal static JsonObject Message(string method, JsonObject? parameters)
    {
        var message = new JsonObject { ["jsonrpc"] = "2.0", ["method"] = method };
        if (parameters is not null)
        {
            message["params"] = parameters;
        }

        return message;
    }

    internal async Task<JsonObject> AskAsync(ToolTalk talk, string method, JsonObject parameters, string? id)
    {
        id ??= $"question-{Interlocked.Increment(ref _lastQuestion)}";
        var answer = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = answer;
        var message = Message(method, parameters);
        message["id"] = id;
        await talk.WriteAsync(message);
        return await answer.Task.WaitAsync(talk.Cancel);
    }

    private async Task AnswerWithoutBodyAsync(HttpContext context)
    {
        if (_isModern || context.Request.Method != HttpMethods.Get)
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        await PourAsync(context);
    }

    private async Task PourAsync(HttpContext context, JsonObject? granted = null)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var talk = new ToolTalk(this, context, [], CancellationToken.None);
        if (granted is not null)
        {
            await Acknowledging.WaitAsync(end.Token);
        }

        var stream = Channel.CreateUnbounded<JsonObject>();
        _streams[stream] = end;
        try
        {
            await (
                granted is null
                    ? context.Response.Body.FlushAsync(end.Token)
                    : talk.NotifyAsync("notifications/subscriptions/acknowledged", granted)
            );
            await foreach (var message in stream.Reader.ReadAllAsync(end.Token))
            {
                await talk.WriteAsync(message);
            }
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
        finally
        {
            _streams.TryRemove(stream, out _);
        }
    }

    private void Cancel(JsonObject notification)
    {
        if (
            notification["method"]!.ToString() is "notifications/cancelled"
            && _running.TryGetValue(notification["params"]!["requestId"]!.ToString(), out var source)
        )
        {
            source.Cancel();
        }
    }

    private async Task AnswerRequestAsync(HttpContext context, JsonObject message)
    {
        var method = message["method"]!.ToString();
        if (method is "tools/call")
        {
            await CallAsync(context, message);
            return;
        }

        if (method is "subscriptions/listen" && _isModern)
        {
            var granted = message["params"]!["notifications"]!.DeepClone();
            await PourAsync(context, new JsonObject { ["notifications"] = granted });
            return;
        }

        var result = Known(method, message) ?? OnOther(message);
        if (method is "initialize" && !_isModern)
        {
            context.Response.Headers["Mcp-Session-Id"] = "session of the target";
        }

        await AnswerAsync(context, message, result);
    }

    private static Task AnswerAsync(HttpContext context, JsonObject message, JsonObject? result)
    {
        var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = message["id"]!.DeepClone() };
        if (result is null)
        {
            answer["error"] = new JsonObject { ["code"] = -32601, ["message"] = "Method not found" };
        }
        else
        {
            answer["result"] = result;
        }

        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(answer.ToJsonString(), CancellationToken.None);
    }

    private async Task CallAsync(HttpContext context, JsonObject message)
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var id = message["id"]!.ToString();
        _running[id] = source;
        var talk = new ToolTalk(this, context, (JsonObject)message["params"]!, source.Token);
        try
        {
            var result = await OnCall(talk);
            var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = message["id"]!.DeepClone() };
            answer[result.ContainsKey("code") ? "error" : "result"] = result;
            if (result["code"]?.GetValue<int>() is MissingCapability && _isModern)
            {
                // As the C# SDK's server does: an event, though it is alone and has its own status.
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
            }

            await talk.WriteAsync(answer);
        }
        catch (OperationCanceledException) when (source.IsCancellationRequested)
        {
            Cancelled++;
        }
        finally
        {
            _running.TryRemove(id, out _);
        }
    }

    private JsonObject? Known(string method, JsonObject message)
    {
        switch (method)
        {
            case "server/discover" when _isModern:
                return new JsonObject
                {
                    ["resultType"] = "complete",
                    ["supportedVersions"] = new JsonArray("2026-07-28"),
                    ["capabilities"] = Capabilities(),
                    ["ttlMs"] = 0,
                    ["cacheScope"] = "private",
                };
            case "initialize" when !_isModern:
                Initialized.Enqueue((JsonObject)message["params"]!.DeepClone());
                return new JsonObject
                {
                    ["protocolVersion"] = "2025-11-25",
                    ["capabilities"] = Capabilities(),
                    ["serverInfo"] = new JsonObject { ["name"] = "talker", ["version"] = "1" },
                };
            case "tools/list":
                return new JsonObject { ["tools"] = new JsonArray(Tool.DeepClone()) };
            case "resources/subscribe" when message["params"]!["uri"]!.ToString() == Refused:
                return null;
            case "logging/setLevel" or "resources/subscribe" or "resources/unsubscribe":
                return [];
            default:
                return null;
        }
    }

    private static JsonObject Capabilities() =>
        new()
        {
            ["tools"] = new JsonObject { ["listChanged"] = true },
            ["logging"] = new JsonObject(),
            ["resources"] = new JsonObject { ["subscribe"] = true, ["listChanged"] = true },
        };
}

/// <summary>One call while it runs.</summary>
public sealed class ToolTalk
{
    private readonly ConversingTarget _target;
    private readonly HttpContext _context;
    private Task _written = Task.CompletedTask;
    private readonly Lock _order = new();

    internal ToolTalk(ConversingTarget target, HttpContext context, JsonObject parameters, CancellationToken cancel)
    {
        _target = target;
        _context = context;
        Parameters = parameters;
        Cancel = cancel;
        context.Response.ContentType = "text/event-stream";
    }

    /// <summary>The call's <c>params</c>.</summary>
    public JsonObject Parameters { get; }

    /// <summary>Its arguments.</summary>
    public JsonNode? Arguments => Parameters["arguments"];

    /// <summary>Ends when the gateway cancels or leaves.</summary>
    public CancellationToken Cancel { get; }

    /// <summary>Sends a notification.</summary>
    public Task NotifyAsync(string method, JsonObject parameters) =>
        WriteAsync(ConversingTarget.Message(method, parameters));

    /// <summary>Reports progress, if it was asked for.</summary>
    public Task ProgressAsync(int progress) =>
        Parameters["_meta"]?["progressToken"] is { } token
            ? NotifyAsync(
                "notifications/progress",
                new JsonObject { ["progressToken"] = token.DeepClone(), ["progress"] = progress }
            )
            : Task.CompletedTask;

    /// <summary>Asks the client by a request on the call's stream (revisions up to 2025-11-25).</summary>
    /// <returns>The whole answer.</returns>
    public Task<JsonObject> AskAsync(string method, JsonObject parameters, string? id = null) =>
        _target.AskAsync(this, method, parameters, id);

    // One after the other, in the order of the calls.
    internal Task WriteAsync(JsonObject message)
    {
        lock (_order)
        {
            return _written = WriteAfterAsync(_written, message);
        }
    }

    private async Task WriteAfterAsync(Task before, JsonObject message)
    {
        await before;
        await _context.Response.WriteAsync($"event: message\ndata: {message.ToJsonString()}\n\n", Cancel);
        await _context.Response.Body.FlushAsync(Cancel);
    }
}
