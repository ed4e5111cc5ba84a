using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer.Everything.Asking;

/// <summary>Tools whose call takes more than one round: with one question, with several, with a state, in several rounds.</summary>
[McpServerToolType]
internal sealed class InputRequiredTools
{
    private static InputRequest AskName => Question.Form("What is your name?", ("name", Question.Text()));

    private static InputRequest AskConfirmation =>
        Question.Form("Please confirm", ("ok", new ElicitRequestParams.BooleanSchema()));

    [McpServerTool(Name = "test_input_required_result_elicitation")]
    [Description("Asks for a name and greets.")]
    public static string Elicitation(RequestContext<CallToolRequestParams> request) =>
        $"Hello, {Ask(request, new() { ["user_name"] = AskName }).Field("user_name", "name")}!";

    [McpServerTool(Name = "test_input_required_result_sampling")]
    [Description("Asks the client's language model for a capital.")]
    public static string Sampling(RequestContext<CallToolRequestParams> request) =>
        Ask(request, new() { ["capital_question"] = Question.Model("What is the capital of France?") })
            .ModelText("capital_question");

    [McpServerTool(Name = "test_input_required_result_list_roots")]
    [Description("Asks for the client's folders.")]
    public static string Roots(RequestContext<CallToolRequestParams> request) =>
        $"Roots: {Ask(request, new() { ["client_roots"] = Question.Roots() }).RootUris("client_roots")}";

    [McpServerTool(Name = "test_input_required_result_request_state")]
    [Description("Asks for a confirmation, and checks the state that comes back with it.")]
    public static string RequestState(RequestContext<CallToolRequestParams> request, SignedStates states)
    {
        Ask(request, new() { ["confirm"] = AskConfirmation }, states.Sign("confirm"));
        states.Read(request.Params.RequestState);
        return "state-ok";
    }

    [McpServerTool(Name = "test_input_required_result_tampered_state")]
    [Description("The same; refuses a state that was changed.")]
    public static string TamperedState(RequestContext<CallToolRequestParams> request, SignedStates states) =>
        RequestState(request, states);

    [McpServerTool(Name = "test_input_required_result_multiple_inputs")]
    [Description("Asks person, language model and client at once.")]
    public static string MultipleInputs(RequestContext<CallToolRequestParams> request, SignedStates states)
    {
        var answers = Ask(
            request,
            new()
            {
                ["user_name"] = AskName,
                ["greeting"] = Question.Model("Generate a greeting", maxTokens: 50),
                ["client_roots"] = Question.Roots(),
            },
            states.Sign("multiple")
        );
        states.Read(request.Params.RequestState);
        return $"{answers.ModelText("greeting")} {answers.Field("user_name", "name")}, you work in {answers.RootUris("client_roots")}.";
    }

    [McpServerTool(Name = "test_input_required_result_multi_round")]
    [Description("Asks for a name, and in a second round for a color.")]
    public static string MultiRound(RequestContext<CallToolRequestParams> request, SignedStates states)
    {
        const string second = "2:";
        if (request.Params.RequestState is null || !Step().StartsWith(second, StringComparison.Ordinal))
        {
            var first = Ask(
                request,
                new() { ["step1"] = Question.Form("Step 1: What is your name?", ("name", Question.Text())) },
                states.Sign("1")
            );
            // The name travels with the state: the next round may reach another process's memory.
            throw new InputRequiredException(
                new Questions { ["step2"] = AskColor() },
                states.Sign(second + first.Field("step1", "name"))
            );
        }

        var name = Step()[second.Length..];
        var answers = Ask(request, new() { ["step2"] = AskColor() }, states.Sign(second + name));
        return $"{name} likes {answers.Field("step2", "color")}.";

        string Step() => states.Read(request.Params.RequestState);
        static InputRequest AskColor() =>
            Question.Form("Step 2: What is your favorite color?", ("color", Question.Text()));
    }

    [McpServerTool(Name = "test_input_required_result_capabilities")]
    [Description("Asks whatever the client can answer, and nothing else.")]
    public static string Capabilities(RequestContext<CallToolRequestParams> request)
    {
        Questions all = new()
        {
            ["user_name"] = AskName,
            ["greeting"] = Question.Model("Generate a greeting", maxTokens: 50),
            ["client_roots"] = Question.Roots(),
        };
        Questions possible = [];
        foreach (var (key, question) in all.Where(one => Capability.Covers(request, one.Value)))
        {
            possible[key] = question;
        }

        if (possible.Count > 0)
        {
            Ask(request, possible);
        }

        return $"Answered: {string.Join(", ", possible.Keys)}";
    }

    private static Answers Ask(
        RequestContext<CallToolRequestParams> request,
        Questions questions,
        string? state = null
    ) => Question.Ask(request, request.Params, questions, state);
}
