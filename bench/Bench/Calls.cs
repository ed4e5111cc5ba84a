namespace AspireGateway.Bench;

/// <summary>The calls that are measured, by the target's tool that they call.</summary>
internal static class Calls
{
    /// <summary>Answers with one sentence.</summary>
    public const string Echo = "echo";

    /// <summary>Answers with 100 kB of text.</summary>
    public const string Big = "big";

    /// <summary>Sends a thousand progress events before its answer.</summary>
    public const string Stream = "stream";

    /// <summary>Sends one progress event, and answers some time later.</summary>
    public const string First = "first";

    /// <summary>The JSON-RPC request.</summary>
    public static string Of(string tool) =>
        $$"""{"jsonrpc":"2.0","id":1,"params":{"name":"{{tool}}","arguments":{"city":"Lisbon","days":3},"_meta":{"progressToken":1} },"method":"tools/call"}""";
}
