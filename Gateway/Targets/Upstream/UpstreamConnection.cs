using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Telemetry;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AspireGateway.Gateway.Targets.Upstream;

/// <summary>
/// The MCP client connection to one target, opened at the first request: shared by all callers where the target needs no credential,
/// else of one person. Requests and results stay JSON, so that members which the SDK does not know survive.
/// </summary>
internal sealed class UpstreamConnection(Target target, HttpClient http, ILoggerFactory loggers) : IAsyncDisposable
{
    private const string ProgressToken = "progressToken";

    // Opening is done by one caller while the others wait; a failed attempt is not remembered.
    private readonly SemaphoreSlim _opening = new(1, 1);

    // Progress tokens are chosen by callers and may be equal; each call gets one of the gateway's own.
    private readonly ConcurrentDictionary<string, Func<JsonObject, Task>> _progress = new(StringComparer.Ordinal);
    private volatile McpClient? _client;
    private int _running;

    public Target Target => target;

    /// <summary>Whether a request is on its way.</summary>
    public bool IsBusy => Volatile.Read(ref _running) > 0;

    /// <summary>Sends a request and returns its <c>result</c> untouched.</summary>
    /// <param name="method">MCP method.</param>
    /// <param name="parameters">Its parameters; changed in place.</param>
    /// <param name="onProgress">Gets the parameters of each progress notification, without its token; null when nobody asked.</param>
    /// <param name="cancel">Cancels this call at the target, and no other.</param>
    /// <exception cref="McpProtocolException">The target answered with a JSON-RPC error.</exception>
    /// <exception cref="HttpRequestException">The target could not be reached or did not speak HTTP as expected.</exception>
    public async Task<JsonNode?> SendAsync(
        string method,
        JsonObject parameters,
        Func<JsonObject, Task>? onProgress,
        CancellationToken cancel
    )
    {
        Interlocked.Increment(ref _running);
        try
        {
            return await SendOpenAsync(method, parameters, onProgress, cancel);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <summary>What the target said about itself when the connection was opened.</summary>
    public async Task<ServerDescription> DescribeAsync(CancellationToken cancel) =>
        ServerDescription.Of(await OpenAsync(cancel));

    private async Task<JsonNode?> SendOpenAsync(
        string method,
        JsonObject parameters,
        Func<JsonObject, Task>? onProgress,
        CancellationToken cancel
    )
    {
        var client = await OpenAsync(cancel);
        Activity.Current?.SetTag(Tags.McpProtocolVersion, client.NegotiatedProtocolVersion);
        var token = onProgress is null ? null : Guid.NewGuid().ToString("N");
        if (token is not null)
        {
            _progress[token] = onProgress!;
            Meta(parameters)[ProgressToken] = token;
        }

        try
        {
            var response = await client.SendRequestAsync(
                new JsonRpcRequest { Method = method, Params = parameters },
                cancel
            );
            return response.Result;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or ObjectDisposedException)
        {
            await CloseAsync(client);
            throw;
        }
        finally
        {
            if (token is not null)
            {
                _progress.TryRemove(token, out _);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is { } client)
        {
            await client.DisposeAsync();
        }

        _opening.Dispose();
    }

    private async Task<McpClient> OpenAsync(CancellationToken cancel)
    {
        if (_client is { } open)
        {
            return open;
        }

        await _opening.WaitAsync(cancel);
        try
        {
            return _client ??= await ConnectAsync(cancel);
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<McpClient> ConnectAsync(CancellationToken cancel)
    {
        var transport = new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = target.Url,
                Name = target.Name.Value,
                TransportMode = HttpTransportMode.StreamableHttp,
                // Nothing that a target says outside of a call has a listener yet.
                EnableStandaloneGetStream = false,
            },
            http,
            loggers,
            ownsHttpClient: false
        );
        var options = new McpClientOptions
        {
            ClientInfo = new Implementation { Name = "AspireGateway", Version = "1.0.0" },
            InitializationTimeout = TimeSpan.FromSeconds(20),
        };
        var client = await McpClient.CreateAsync(transport, options, loggers, cancel);
        client.RegisterNotificationHandler(NotificationMethods.ProgressNotification, OnProgressAsync);
        return client;
    }

    private async ValueTask OnProgressAsync(JsonRpcNotification notification, CancellationToken cancel)
    {
        if (
            notification.Params is JsonObject parameters
            && parameters[ProgressToken] is JsonValue value
            && value.TryGetValue(out string? token)
            && _progress.TryGetValue(token, out var listener)
        )
        {
            var relayed = (JsonObject)parameters.DeepClone();
            relayed.Remove(ProgressToken);
            await listener(relayed);
        }
    }

    private async Task CloseAsync(McpClient broken)
    {
        if (Interlocked.CompareExchange(ref _client, null, broken) == broken)
        {
            await broken.DisposeAsync();
        }
    }

    private static JsonObject Meta(JsonObject parameters)
    {
        if (parameters["_meta"] is not JsonObject meta)
        {
            parameters["_meta"] = meta = [];
        }

        return meta;
    }
}
