using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer.Everything.Asking;

/// <summary>Tools that ask the person, the language model or the client something, each in its simplest form.</summary>
[McpServerToolType]
internal sealed class AskingTools
{
    private const string Key = "question";
    private const string PageUrl = "https://example.com/agree";

    [McpServerTool(Name = "test_sampling")]
    [Description("Has the client's language model answer.")]
    public static string Sampling(
        RequestContext<CallToolRequestParams> request,
        [Description("What to ask the language model")] string prompt
    ) => $"LLM response: {Ask(request, Question.Model(prompt)).ModelText(Key)}";

    [McpServerTool(Name = "test_elicitation")]
    [Description("Asks the person for name and address.")]
    public static string Elicitation(
        RequestContext<CallToolRequestParams> request,
        [Description("What the person reads")] string message
    ) =>
        "User response: "
        + Ask(
                request,
                Question.Form(
                    message,
                    ("username", Question.Text("User's response")),
                    ("email", Question.Text("User's email address"))
                )
            )
            .Outcome(Key);

    [McpServerTool(Name = "test_elicitation_sep1034_defaults")]
    [Description("Asks the person with a form whose fields are filled already.")]
    public static string Defaults(RequestContext<CallToolRequestParams> request) =>
        "Elicitation completed: "
        + Ask(
                request,
                Question.Form(
                    "Please check these values.",
                    ("name", new ElicitRequestParams.StringSchema { Default = "John Doe" }),
                    ("age", new ElicitRequestParams.NumberSchema { Type = "integer", Default = 30 }),
                    ("score", new ElicitRequestParams.NumberSchema { Default = 95.5 }),
                    (
                        "status",
                        new ElicitRequestParams.UntitledSingleSelectEnumSchema
                        {
                            Enum = ["active", "inactive", "pending"],
                            Default = "active",
                        }
                    ),
                    ("verified", new ElicitRequestParams.BooleanSchema { Default = true })
                )
            )
            .Outcome(Key);

    [McpServerTool(Name = "test_elicitation_sep1330_enums")]
    [Description("Asks the person with a form that has every kind of choice.")]
    public static string Enums(RequestContext<CallToolRequestParams> request) =>
        "Elicitation completed: " + Ask(request, Question.Form("Please choose.", [.. Choices.All])).Outcome(Key);

    [McpServerTool(Name = "test_streaming_elicitation")]
    [Description("Reports progress on its stream, and asks the person then.")]
    public static string Streaming(
        RequestContext<CallToolRequestParams> request,
        IProgress<ProgressNotificationValue> progress
    )
    {
        progress.Report(new() { Progress = 1, Total = 2 });
        var answers = Ask(request, Question.Form("Shall this go on?", ("answer", Question.Text())));
        progress.Report(new() { Progress = 2, Total = 2 });
        return answers.Outcome(Key);
    }

    [McpServerTool(Name = "test_missing_capability", ReadOnly = true)]
    [Description("Refuses clients that have no language model.")]
    public static string MissingCapability(RequestContext<CallToolRequestParams> request)
    {
        Capability.Require(request, Question.Model(""));
        return "This client has a language model.";
    }

    [McpServerTool(Name = "list_client_roots")]
    [Description("Asks the client which folders it works in.")]
    public static string Roots(RequestContext<CallToolRequestParams> request) =>
        $"The client's roots: {Ask(request, Question.Roots()).RootUris(Key)}";

    [McpServerTool(Name = "elicit_url")]
    [Description("Asks the person to open a page, and goes on when the person has agreed to.")]
    public static string ElicitUrl(RequestContext<CallToolRequestParams> request) =>
        "URL elicitation: " + Ask(request, InputRequest.ForElicitation(Page(request))).Outcome(Key);

    [McpServerTool(Name = "requires_url")]
    [Description("Refuses until the person has opened a page; older clients learn that from error -32042.")]
    public static string RequiresUrl(RequestContext<CallToolRequestParams> request)
    {
        var page = Page(request);
        if (ClientOf.IsModern(request))
        {
            return "URL elicitation: " + Ask(request, InputRequest.ForElicitation(page)).Outcome(Key);
        }

        Capability.Require(request, InputRequest.ForElicitation(page));
        throw new UrlElicitationRequiredException("Open the page first.", [page]);
    }

    private static Answers Ask(RequestContext<CallToolRequestParams> request, InputRequest question) =>
        Question.Ask(request, request.Params, new() { [Key] = question });

    private static ElicitRequestParams Page(MessageContext request) =>
        new()
        {
            Mode = "url",
            Message = "Please open this page.",
            Url = PageUrl,
            // Only revisions with sessions have it.
            ElicitationId = ClientOf.IsModern(request) ? null : $"page-{request.Server.SessionId}",
        };
}
