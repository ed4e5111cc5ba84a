using AspireGateway.Dashboard.Telemetry.Protos;

namespace AspireGateway.Gateway.IntegrationTests.Systems;

/// <summary>One log record as its sender sent it.</summary>
internal sealed record ReceivedLog(string Trace, string Resource, string Category, int Severity, string Text)
{
    /// <summary>OTLP's number of the lowest kind of warning.</summary>
    public const int Warning = 13;

    /// <summary>All records of an OTLP message.</summary>
    public static IEnumerable<ReceivedLog> AllOf(byte[] message) =>
        from sent in ExportLogsRequest.Parser.ParseFrom(message).ResourceLogs
        let resource = sent.Resource.Attributes.FirstOrDefault(static value => value.Key == "service.name")
        from scope in sent.ScopeLogs
        from record in scope.LogRecords
        select new ReceivedLog(
            Convert.ToHexStringLower(record.TraceId.Span),
            resource?.Value.StringValue ?? "",
            scope.Scope.Name,
            record.SeverityNumber,
            record.Body?.StringValue ?? ""
        );
}
