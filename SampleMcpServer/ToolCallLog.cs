using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer;

/// <summary>One log line per tool call: its name, how it ended and how long it took; never its arguments or its result.</summary>
internal static class ToolCallLog
{
    /// <summary>The filter to put in front of every tool.</summary>
    public static McpRequestHandler<CallToolRequestParams, CallToolResult> Filter(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next
    ) =>
        async (request, cancellationToken) =>
        {
            var services = request.Services!;
            var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("SampleMcpServer.Tools");
            var time = services.GetRequiredService<TimeProvider>();
            var tool = request.Params?.Name ?? "";
            if (services.GetRequiredService<SampleServerOptions>().LogArguments)
            {
                Log.ToolArguments(logger, tool, JsonSerializer.Serialize(request.Params?.Arguments));
            }

            var started = time.GetTimestamp();
            var outcome = "failed";
            try
            {
                var result = await next(request, cancellationToken);
                outcome = result.IsError is true ? "error" : "ok";
                return result;
            }
            catch (McpException mistake) when (mistake is not McpProtocolException)
            {
                // The caller's mistake, not ours: the SDK would log it with a stack trace.
                outcome = "refused";
                return new CallToolResult
                {
                    IsError = true,
                    Content = [new TextContentBlock { Text = mistake.Message }],
                };
            }
            catch (InputRequiredException)
            {
                outcome = "asks";
                throw;
            }
            catch (OperationCanceledException)
            {
                outcome = "cancelled";
                throw;
            }
            finally
            {
                Log.ToolCalled(logger, tool, outcome, (long)time.GetElapsedTime(started).TotalMilliseconds);
            }
        };
}
