using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace AspireGateway.TestClient.Tests.Fakes;

[McpServerToolType]
internal sealed class FakeTools
{
    public const string Admin = "delete_everything";
    public const string Consented = "notes___keep";

    [McpServerTool(Name = "add", UseStructuredContent = true)]
    [Description("Adds two numbers.")]
    public static Sum Add([Description("First")] int left, [Description("Second")] int right = 1) => new(left + right);

    [McpServerTool(Name = "fail")]
    [Description("Always fails.")]
    public static string Fail() => throw new McpException("It is Monday.");

    [McpServerTool(Name = Admin)]
    [Description("Needs the scope mcp:admin.")]
    public static string DeleteEverything() => "nothing left";

    [McpServerTool(Name = Consented)]
    [Description("Needs the person's consent at a third party.")]
    public static string Keep() => "kept";

    [McpServerTool(Name = "count")]
    [Description("Counts with progress, until it is told to stop.")]
    public static async Task<string> Count(
        IProgress<ProgressNotificationValue> progress,
        CancellationToken cancellationToken
    )
    {
        progress.Report(
            new()
            {
                Progress = 1,
                Total = 2,
                Message = "half way",
            }
        );
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        return "never";
    }
}

internal sealed record Sum(int Value);
