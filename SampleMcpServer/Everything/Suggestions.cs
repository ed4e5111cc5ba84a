using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer.Everything;

/// <summary>Suggestions for the arguments of prompts and of resource templates.</summary>
internal static class Suggestions
{
    private static readonly string[] Words = ["paris", "park", "party", "peru", "test", "testament"];
    private static readonly string[] Ids = ["123", "124", "200"];

    /// <summary>The known values that begin with what was typed so far.</summary>
    public static ValueTask<CompleteResult> CompleteAsync(
        RequestContext<CompleteRequestParams> request,
        CancellationToken cancellationToken
    )
    {
        var known = request.Params.Ref switch
        {
            PromptReference { Name: EverythingPrompts.WithArguments } => Words,
            ResourceTemplateReference => Ids,
            _ => [],
        };
        var typed = request.Params.Argument.Value;
        var values = known.Where(word => word.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).ToArray();
        return ValueTask.FromResult(
            new CompleteResult
            {
                Completion = new()
                {
                    Values = values,
                    Total = values.Length,
                    HasMore = false,
                },
            }
        );
    }
}
