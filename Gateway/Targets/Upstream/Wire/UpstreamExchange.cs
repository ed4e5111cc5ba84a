using System.Net;
using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Targets.Upstream.Wire;

/// <summary>
/// One request to a target and everything that comes back on its own response: notifications, questions of the target, and the answer.
/// Nothing of another request can arrive here, whatever ids a target uses, which is why calls do not go through the SDK's client: it puts
/// the messages of all its streams into one queue.
/// </summary>
internal sealed class UpstreamExchange : IAsyncDisposable
{
    private const int MaxResumes = 5;
    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(5);

    private readonly TargetHttp _http;
    private readonly Action _onEnd;
    private readonly CancellationToken _cancel;
    private readonly long _id;
    private HttpResponseMessage? _response;
    private EventReader? _events;
    private JsonObject? _whole;
    private int _resumes;
    private bool _isAnswered;

    private UpstreamExchange(TargetHttp http, UpstreamCall call, Action onEnd, CancellationToken cancel)
    {
        _http = http;
        _onEnd = onEnd;
        _cancel = cancel;
        _id = http.Session.NextId();
        Listener = call.Listener;
    }

    /// <summary>Sends the request.</summary>
    /// <param name="http">The session that it belongs to.</param>
    /// <param name="call">The request.</param>
    /// <param name="onEnd">Called once, when the exchange is over.</param>
    /// <param name="cancel">Ends the exchange, at the target too.</param>
    /// <exception cref="HttpRequestException">The target could not be reached, or did not answer as an MCP server.</exception>
    public static async Task<UpstreamExchange> StartAsync(
        TargetHttp http,
        UpstreamCall call,
        Action onEnd,
        CancellationToken cancel
    )
    {
        var exchange = new UpstreamExchange(http, call, onEnd, cancel);
        try
        {
            var body = RequestWriter.Write(http.Session, call, exchange._id);
            exchange._response = await http.PostAsync(body, call, cancel);
            await exchange.OpenAsync(exchange._response);
            return exchange;
        }
        catch
        {
            await exchange.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether the target speaks a revision in which it asks by its result and not by requests.</summary>
    public bool IsModern => _http.Session.IsModern;

    /// <summary>Hears the notifications; another one where the call is continued by another request of the client.</summary>
    public ICallListener? Listener { get; set; }

    /// <summary>Whether the target answered that it does not speak like this any more: it has been updated, or another one is there.</summary>
    public bool IsOutdated =>
        _whole?["error"]?["code"]?.GetValue<int>() is JsonRpcCodes.HeaderMismatch or JsonRpcCodes.UnsupportedVersion;

    /// <summary>
    /// The answer (<c>result</c> or <c>error</c>), or a question of the target (<c>method</c> and <c>id</c>) after which there is more to read.
    /// </summary>
    /// <exception cref="IOException">The stream broke.</exception>
    /// <exception cref="System.Text.Json.JsonException">What came is no JSON-RPC.</exception>
    public async ValueTask<JsonObject> NextAsync()
    {
        if (_whole is { } whole)
        {
            _whole = null;
            _isAnswered = true;
            return whole;
        }

        while (true)
        {
            var message = await _events!.NextAsync();
            if (message is null)
            {
                await ResumeAsync();
            }
            else if (UpstreamMessages.KindOf(message, _id) is var kind && kind is UpstreamMessageKind.Notification)
            {
                await HearAsync(message);
            }
            else if (kind is not UpstreamMessageKind.Stray)
            {
                _isAnswered = kind is UpstreamMessageKind.Answer;
                return message;
            }
        }
    }

    /// <summary>Answers a question of the target.</summary>
    /// <param name="question">As it came.</param>
    /// <param name="answer">Has <c>result</c> or <c>error</c>.</param>
    /// <exception cref="HttpRequestException">The target did not take it.</exception>
    public async Task AnswerAsync(JsonObject question, JsonObject answer)
    {
        var body = RequestWriter.WriteAnswer(question["id"]!, answer);
        using var response = await _http.PostAsync(body, call: null, _cancel);
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        if (_events is { } events)
        {
            await events.DisposeAsync();
        }

        // Closing the stream is what cancels in the newer revisions.
        _response?.Dispose();
        if (!_isAnswered && !IsModern && _cancel.IsCancellationRequested)
        {
            await CancelAtTargetAsync();
        }

        _onEnd();
    }

    private async Task OpenAsync(HttpResponseMessage response)
    {
        var type = response.Content.Headers.ContentType?.MediaType;
        if (type is not ("application/json" or "text/event-stream") || !MayHoldAnAnswer(response.StatusCode))
        {
            throw Unexpected(response, $"HTTP status {(int)response.StatusCode} and {type ?? "no content"}");
        }

        if (type is "application/json")
        {
            _whole = Whole(response, await TargetHttp.ReadMessageAsync(response, _cancel));
            return;
        }

        _events = new EventReader(await response.Content.ReadAsStreamAsync(_cancel), _cancel);
        if (response.StatusCode is not HttpStatusCode.OK)
        {
            // Some servers write even the error that decides the status as an event; nothing precedes it.
            _whole = Whole(response, await _events.NextAsync());
        }
    }

    private JsonObject Whole(HttpResponseMessage response, JsonObject? message) =>
        message is not null && UpstreamMessages.IsAnswerTo(message, _id, response.StatusCode)
            ? message
            : throw Unexpected(response, "another message than the answer");

    // Newer revisions say with 404 that they do not know a method; older ones that they do not know the session.
    private bool MayHoldAnAnswer(HttpStatusCode status) =>
        status is HttpStatusCode.OK or HttpStatusCode.BadRequest || (status is HttpStatusCode.NotFound && IsModern);

    // A target of an older revision may end a stream before the answer, to have it taken up again (MCP 2025-11-25, resumability).
    private async Task ResumeAsync()
    {
        var events = _events!;
        if (IsModern || events.LastId is not { } last || _resumes++ == MaxResumes)
        {
            throw new IOException("The target ended the stream without an answer.");
        }

        await events.DisposeAsync();
        _response!.Dispose();
        await Task.Delay(events.Pause ?? DefaultPause, _cancel);
        _response = await _http.ListenAsync(last, _cancel);
        await OpenAsync(_response);
    }

    private ValueTask HearAsync(JsonObject message)
    {
        var method = message["method"]!.GetValue<string>();
        var parameters = message["params"] as JsonObject;
        message.Remove("params");
        return
            Listener is not { } listener
            || (method is "notifications/progress" && !UpstreamMessages.TryTakeToken(parameters, _id))
            ? ValueTask.CompletedTask
            : listener.OnNotificationAsync(method, parameters, _cancel);
    }

    private async Task CancelAtTargetAsync()
    {
        using var patience = new CancellationTokenSource(CancelPatience);
        try
        {
            var body = RequestWriter.WriteNotification(
                "notifications/cancelled",
                new JsonObject { ["requestId"] = _id, ["reason"] = "The caller has left, or the time is up." }
            );
            using var response = await _http.PostAsync(body, call: null, patience.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // It was only a courtesy.
        }
    }

    private static HttpRequestException Unexpected(HttpResponseMessage response, string what) =>
        new($"The target answered with {what}.", inner: null, response.StatusCode);
}
