using System.Text.Json;
using System.Text.Unicode;

namespace AspireGateway.Gateway.Mcp.Requests;

/// <summary>
/// Reads a JSON-RPC message in one pass and accepts only what every reader behind the gateway understands alike: no repeated
/// names, no names that differ from a known one only in case, no lone surrogates, nothing behind the end, no batches.
/// </summary>
internal ref struct StrictJsonReader
{
    private const int MaxDepth = 32;

    // Depth of the members of the message, of its params, and of their _meta.
    private const int MessageDepth = 1;
    private const int ParamsDepth = 2;
    private const int MetaDepth = 3;

    private static readonly string[] MessageMembers = ["jsonrpc", "id", "method", "params", "result", "error"];
    private static readonly string[] ParamsMembers =
    [
        "name",
        "uri",
        "arguments",
        "_meta",
        "cursor",
        "ref",
        "argument",
        "context",
        "level",
        "requestId",
        "requestState",
        "inputResponses",
        "protocolVersion",
        "capabilities",
        "clientInfo",
        "progressToken",
        "progress",
        "task",
        "taskId",
    ];
    private static readonly string[] MetaMembers =
    [
        McpMeta.ProtocolVersion,
        McpMeta.ClientCapabilities,
        "progressToken",
    ];

    // A body is read without a pause, on one thread; there are never more than the depth allows.
    [ThreadStatic]
    private static Stack<MemberNames>? _spareOfThread;

    private readonly ReadOnlyMemory<byte> _body;
    private readonly List<MemberNames?> _open = new(8);
    private readonly Stack<MemberNames> _spare = _spareOfThread ??= new();
    private Utf8JsonReader _reader;
    private bool _inParams;
    private bool _inMeta;
    private ReadOnlyMemory<byte> _id;
    private string? _version;
    private string? _method;
    private string? _name;
    private string? _uri;
    private int? _argumentsStart;
    private string? _taskId;
    private string? _revision;
    private bool _hasCapabilities;
    private bool _hasResult;
    private bool _hasError;

    private StrictJsonReader(ReadOnlyMemory<byte> body)
    {
        _body = body;
        _reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>Returns what is wrong with a body, or null and the message.</summary>
    public static McpRequestProblem? Read(ReadOnlyMemory<byte> body, out McpRequest? request)
    {
        request = null;
        if (!Utf8.IsValid(body.Span))
        {
            return new(JsonRpcCodes.ParseError, ErrorCodes.InvalidUtf8, "The body is not valid UTF-8.");
        }

        var reader = new StrictJsonReader(body);
        try
        {
            return reader.ReadMessage(out request);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Positions are safe to tell; the library's words may quote the body.
            return new(
                JsonRpcCodes.ParseError,
                ErrorCodes.InvalidJson,
                $"The body is not valid JSON near byte {reader._reader.BytesConsumed}, is nested deeper than {MaxDepth}, or has a lone surrogate."
            );
        }
    }

    private McpRequestProblem? ReadMessage(out McpRequest? request)
    {
        request = null;
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.StartArray)
        {
            return new(
                JsonRpcCodes.InvalidRequest,
                ErrorCodes.Batch,
                "Batches are not part of MCP any more. Send one message in each request."
            );
        }

        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            return Invalid("The body must be one JSON-RPC message, an object.");
        }

        Open(isObject: true);
        while (_reader.Read())
        {
            if (Visit() is { } problem)
            {
                return problem;
            }
        }

        return Finish(out request);
    }

    private McpRequestProblem? Visit()
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                return VisitMember(_reader.GetString()!);
            case JsonTokenType.StartObject:
                Open(isObject: true);
                return null;
            case JsonTokenType.StartArray:
                Open(isObject: false);
                return null;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                Close();
                return null;
            default:
                CheckString();
                return null;
        }
    }

    private McpRequestProblem? VisitMember(string name)
    {
        if (!_open[^1]!.TryAdd(name))
        {
            return Invalid("An object has the same member name twice, or in two spellings that differ only in case.");
        }

        var depth = _open.Count;
        if (depth == MessageDepth)
        {
            return IsMisspelled(name, MessageMembers) ?? ReadMessageMember(name);
        }

        return (depth, _inParams, _inMeta) switch
        {
            (ParamsDepth, true, _) => IsMisspelled(name, ParamsMembers) ?? ReadParamsMember(name),
            (MetaDepth, true, true) => IsMisspelled(name, MetaMembers) ?? ReadMetaMember(name),
            _ => null,
        };
    }

    private McpRequestProblem? ReadMessageMember(string name)
    {
        _inParams = _inMeta = false;
        switch (name)
        {
            case "jsonrpc":
                return ReadText(out _version) ? null : Invalid("'jsonrpc' must be \"2.0\".");
            case "method":
                return ReadText(out _method) && _method!.Length > 0 ? null : Invalid("'method' must be a string.");
            case "id":
                return ReadId() ? null : Invalid("'id' must be a string or a whole number.");
            case "params":
                _inParams = ReadObject();
                return _inParams ? null : Invalid("'params' must be an object.");
            case "result":
                _hasResult = true;
                return null;
            case "error":
                _hasError = true;
                return null;
            default:
                return null;
        }
    }

    private McpRequestProblem? ReadParamsMember(string name)
    {
        _inMeta = false;
        switch (name)
        {
            case "name":
                return ReadText(out _name) ? null : Invalid("'params.name' must be a string.");
            case "uri":
                return ReadText(out _uri) ? null : Invalid("'params.uri' must be a string.");
            case "taskId":
                return ReadText(out _taskId) ? null : Invalid("'params.taskId' must be a string.");
            case "arguments":
                return MarkArguments();
            case "_meta":
                _inMeta = ReadObject();
                return _inMeta || _reader.TokenType == JsonTokenType.Null
                    ? null
                    : Invalid("'params._meta' must be an object.", JsonRpcCodes.InvalidParams);
            default:
                return null;
        }
    }

    private McpRequestProblem? ReadMetaMember(string name)
    {
        switch (name)
        {
            case McpMeta.ProtocolVersion:
                return ReadText(out _revision)
                    ? null
                    : Invalid($"'_meta/{McpMeta.ProtocolVersion}' must be a string.", JsonRpcCodes.InvalidParams);
            case McpMeta.ClientCapabilities:
                _hasCapabilities = ReadObject();
                return _hasCapabilities
                    ? null
                    : Invalid($"'_meta/{McpMeta.ClientCapabilities}' must be an object.", JsonRpcCodes.InvalidParams);
            default:
                return null;
        }
    }

    private McpRequestProblem? MarkArguments()
    {
        _argumentsStart = (int)_reader.BytesConsumed;
        return null;
    }

    private readonly McpRequestProblem? Finish(out McpRequest? request)
    {
        request = null;
        if (_version is not "2.0")
        {
            return Invalid("'jsonrpc' must be \"2.0\".");
        }

        // A client answers what a server asked it (sampling, elicitation, roots) with a message of its own.
        if (_method is null ? _id.IsEmpty || _hasResult == _hasError : _hasResult || _hasError)
        {
            return Invalid("A message has either a 'method', or an 'id' with a 'result' or an 'error'.");
        }

        var name = NameOf(_method);
        if (_method is "tools/call" or "prompts/get" or "resources/read" && name is null)
        {
            return Invalid($"'{_method}' needs 'params.{(_method == "resources/read" ? "uri" : "name")}'.");
        }

        request = new McpRequest
        {
            Body = _body,
            Id = _id,
            Method = _method,
            Name = name,
            ArgumentsStart = _argumentsStart,
            RoutingName = name ?? _name ?? _uri ?? _taskId,
            Revision = _revision,
            HasClientCapabilities = _hasCapabilities,
        };
        return null;
    }

    private readonly string? NameOf(string? method) =>
        method switch
        {
            "tools/call" or "prompts/get" => _name,
            "resources/read" or "resources/subscribe" or "resources/unsubscribe" => _uri,
            _ => null,
        };

    private bool ReadText(out string? text)
    {
        _reader.Read();
        text = _reader.TokenType == JsonTokenType.String ? _reader.GetString() : null;
        if (_reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            return false;
        }

        return text is not null;
    }

    private bool ReadObject()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        Open(isObject: true);
        return true;
    }

    private bool ReadId()
    {
        _reader.Read();
        CheckString();
        var start = (int)_reader.TokenStartIndex;
        _id = _body[start..(int)_reader.BytesConsumed];
        return _reader.TokenType == JsonTokenType.String
            || (_reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out _));
    }

    // Throws InvalidOperationException for an escaped lone surrogate.
    private readonly void CheckString()
    {
        if (_reader.TokenType == JsonTokenType.String && _reader.ValueIsEscaped)
        {
            _reader.GetString();
        }
    }

    private readonly void Open(bool isObject) =>
        _open.Add(
            isObject
                ? _spare.TryPop(out var names)
                    ? names
                    : new MemberNames()
                : null
        );

    private readonly void Close()
    {
        if (_open[^1] is { } names)
        {
            names.Clear();
            _spare.Push(names);
        }

        _open.RemoveAt(_open.Count - 1);
    }

    private static McpRequestProblem? IsMisspelled(string name, string[] known)
    {
        foreach (var member in known)
        {
            if (
                string.Equals(name, member, StringComparison.OrdinalIgnoreCase)
                && !string.Equals(name, member, StringComparison.Ordinal)
            )
            {
                return Invalid($"A member differs from '{member}' only in case.");
            }
        }

        return null;
    }

    private static McpRequestProblem Invalid(string message, int code = JsonRpcCodes.InvalidRequest) =>
        new(code, ErrorCodes.InvalidRequest, message);
}
