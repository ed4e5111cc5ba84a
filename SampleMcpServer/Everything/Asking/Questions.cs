using ModelContextProtocol.Protocol;

namespace AspireGateway.SampleMcpServer.Everything.Asking;

/// <summary>Questions by the keys that their answers come back under.</summary>
internal sealed class Questions() : Dictionary<string, InputRequest>(StringComparer.Ordinal);
