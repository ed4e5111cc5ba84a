using System.Diagnostics;
using System.Net;
using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Targets.Upstream.Wire;
using AspireGateway.Gateway.Telemetry;
using ModelContextProtocol;

namespace AspireGateway.Gateway.Targets.Upstream;

/// <summary>
/// What connects the gateway to one target, opened at the first request: shared by all callers where the target needs no credential, else
/// of one person. The SDK's client does the handshake, each request goes on its own. Requests and results stay JSON, so that members which
/// the SDK does not know survive.
/// </summary>
internal sealed class UpstreamConnection(
    Target target,
    ClientAbilities abilities,
    HttpClient http,
    TargetEras eras,
    TimeProvider time,
    ILoggerFactory loggers
) : IAsyncDisposable
{
    // Opening is done by one caller while the others wait; what fails, fails for all who waited, and for nobody who comes later.
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly LogLevels _levels = new();
    private volatile TargetHttp? _open;
    private volatile ExceptionDispatchInfo? _lastFailure;
    private int _running;

    public Target Target => target;

    /// <summary>Whether a request is on its way.</summary>
    public bool IsBusy => Volatile.Read(ref _running) > 0;

    /// <summary>What the target said about itself when the connection was opened.</summary>
    public async Task<ServerDescription> DescribeAsync(CancellationToken cancel) =>
        (await OpenAsync(cancel)).Session.Description;

    /// <summary>Whether the target speaks a revision without sessions.</summary>
    public async Task<bool> IsModernAsync(CancellationToken cancel) => (await OpenAsync(cancel)).Session.IsModern;

    /// <summary>Sends a request whose answer is all that matters, and returns its <c>result</c> untouched.</summary>
    /// <param name="method">MCP method.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="cancel">Cancels this request at the target, and no other.</param>
    /// <exception cref="McpProtocolException">The target answered with a JSON-RPC error.</exception>
    /// <exception cref="HttpRequestException">The target could not be reached or did not speak HTTP as expected.</exception>
    public async Task<JsonNode?> SendAsync(string method, JsonObject parameters, CancellationToken cancel)
    {
        await using var exchange = await StartAsync(new UpstreamCall(method, parameters), cancel);
        while (true)
        {
            var message = await exchange.NextAsync();
            if (message.ContainsKey("method"))
            {
                await exchange.AnswerAsync(message, Refusals.NobodyToAsk(message));
            }
            else if (message["error"] is JsonObject error)
            {
                throw new McpProtocolException(
                    error["message"]!.GetValue<string>(),
                    (McpErrorCode)error["code"]!.GetValue<int>()
                );
            }
            else
            {
                return message["result"];
            }
        }
    }

    /// <summary>Starts a call; whoever starts it reads it to its end or disposes it.</summary>
    /// <exception cref="HttpRequestException">The target could not be reached or did not speak HTTP as expected.</exception>
    /// <exception cref="McpException">The target agreed to no revision.</exception>
    public async Task<UpstreamExchange> StartAsync(UpstreamCall call, CancellationToken cancel)
    {
        var open = await OpenAsync(cancel);
        Activity.Current?.SetTag(Tags.McpProtocolVersion, open.Session.Version);
        try
        {
            return await StartAsync(open, call, cancel);
        }
        catch (HttpRequestException exception)
        {
            await CloseAsync(open);

            // MCP 2025-11-25: the session is over, and the request was not looked at.
            if (open.Session.Id is null || exception.StatusCode is not HttpStatusCode.NotFound)
            {
                throw;
            }
        }

        return await StartAsync(await OpenAsync(cancel), call, cancel);
    }

    /// <summary>Hears what the target says outside of calls, until it ends the stream.</summary>
    /// <param name="uris">Resources whose changes are asked for, where that is asked for together with the stream (2026-07-28).</param>
    /// <param name="listener">Hears it.</param>
    /// <param name="cancel">Stops listening.</param>
    /// <returns>False when the target has no such stream.</returns>
    public async Task<bool> ListenAsync(
        IReadOnlyCollection<string> uris,
        IUnaskedListener listener,
        CancellationToken cancel
    )
    {
        var open = await OpenAsync(cancel);
        Interlocked.Increment(ref _running);
        try
        {
            return open.Session.IsModern
                ? await UnaskedMessages.SubscribeAsync(open, uris, listener, cancel)
                : await UnaskedMessages.HearAsync(open, listener, cancel);
        }
        catch (HttpRequestException)
        {
            await CloseAsync(open);
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_open is { } open)
        {
            await open.Session.DisposeAsync();
        }

        _opening.Dispose();
    }

    private async Task<UpstreamExchange> StartAsync(TargetHttp open, UpstreamCall call, CancellationToken cancel)
    {
        await _levels.RaiseAsync(open, call.LogLevel, cancel);
        Interlocked.Increment(ref _running);
        var exchange = await UpstreamExchange.StartAsync(open, call, () => Interlocked.Decrement(ref _running), cancel);
        if (exchange.IsOutdated)
        {
            // The next call starts with a new handshake.
            await CloseAsync(open);
        }

        return exchange;
    }

    private async Task<TargetHttp> OpenAsync(CancellationToken cancel)
    {
        if (_open is { } open)
        {
            return open;
        }

        var formerFailure = _lastFailure;
        await _opening.WaitAsync(cancel);
        try
        {
            if (_open is null && _lastFailure is { } failure && failure != formerFailure)
            {
                failure.Throw();
            }

            return _open ??= await ConnectAsync(cancel);
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<TargetHttp> ConnectAsync(CancellationToken cancel)
    {
        try
        {
            var session = await TargetSession.OpenAsync(target, abilities, http, time, loggers, cancel);
            eras.Learn(target, session.IsModern);
            return new TargetHttp(target, http, session);
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            _lastFailure = ExceptionDispatchInfo.Capture(exception);
            throw;
        }
    }

    private async Task CloseAsync(TargetHttp broken)
    {
        if (Interlocked.CompareExchange(ref _open, null, broken) == broken)
        {
            await broken.Session.DisposeAsync();
        }
    }
}
