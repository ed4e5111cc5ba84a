using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AspireGateway.TestClient.Flow;
using ModelContextProtocol;

namespace AspireGateway.TestClient.Running;

/// <summary>The report for programs: one JSON document.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Makes the document.</summary>
    public static string Create(RunReport report, IReadOnlyList<FlowEvent> steps) =>
        JsonSerializer.Serialize(
            new
            {
                Success = report.Failure is null,
                report.Trace,
                report.TracePage,
                report.Server,
                report.SignedIn,
                report.User,
                Steps = steps.Select(Step),
                Tools = report.Tools?.Select(static tool => Protocol(tool)),
                Calls = report.Calls.Select(static call => new
                {
                    call.Tool,
                    call.AskedForConsent,
                    IsError = call.Result.IsError is true,
                    call.Result.StructuredContent,
                    Content = Protocol(call.Result)?["content"],
                }),
                Error = report.Failure?.Message,
                report.Failure?.Hint,
                Seconds = Math.Round(report.Duration.TotalSeconds, 3),
            },
            Readable
        );

    private static object Step(FlowEvent happened) =>
        new
        {
            Step = happened.Step.ToString(),
            happened.Title,
            happened.Method,
            happened.Url,
            happened.Status,
            Milliseconds = happened.Duration is { } duration
                ? Math.Round(duration.TotalMilliseconds, 1)
                : (double?)null,
            happened.Note,
        };

    // The protocol's own types are written as the protocol writes them.
    private static JsonNode? Protocol<T>(T value) =>
        JsonSerializer.SerializeToNode(value, McpJsonUtilities.DefaultOptions);
}
