using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer.Everything.Asking;

/// <summary>
/// What a tool or a prompt wants to know from the caller before it answers. A client of a revision with sessions is asked on the
/// stream of its request, which the SDK does; any other gets the questions as result and calls again with the answers.
/// </summary>
internal static class Question
{
    /// <summary>The answers, if the request carries all of them; otherwise the questions are sent by throwing.</summary>
    /// <exception cref="InputRequiredException">An answer is missing or no object.</exception>
    /// <exception cref="McpException">The client cannot be asked this.</exception>
    public static Answers Ask(
        MessageContext request,
        RequestParams? parameters,
        Questions questions,
        string? state = null
    )
    {
        foreach (var question in questions.Values)
        {
            Capability.Require(request, question);
        }

        return
            parameters?.InputResponses is { } answers
            && questions.Keys.All(key => answers.TryGetValue(key, out var answer) && IsObject(answer))
            ? new(answers.ToDictionary(StringComparer.Ordinal))
            : throw new InputRequiredException(questions, state);
    }

    /// <summary>A form for a person, with all fields required.</summary>
    public static InputRequest Form(
        string message,
        params (string Name, ElicitRequestParams.PrimitiveSchemaDefinition Schema)[] fields
    ) =>
        InputRequest.ForElicitation(
            new()
            {
                Message = message,
                RequestedSchema = new()
                {
                    Properties = fields.ToDictionary(
                        static field => field.Name,
                        static field => field.Schema,
                        StringComparer.Ordinal
                    ),
                    Required = [.. fields.Select(static field => field.Name)],
                },
            }
        );

    /// <summary>A question for the client's language model.</summary>
    public static InputRequest Model(string prompt, int maxTokens = 100) =>
        InputRequest.ForSampling(
            new()
            {
                MaxTokens = maxTokens,
                Messages = [new() { Role = Role.User, Content = [new TextContentBlock { Text = prompt }] }],
            }
        );

    /// <summary>The question which folders the client works in.</summary>
    public static InputRequest Roots() => InputRequest.ForRootsList(new());

    /// <summary>A field for a text.</summary>
    public static ElicitRequestParams.StringSchema Text(string? description = null) =>
        new() { Description = description };

    private static bool IsObject(InputResponse answer) => answer.RawValue.ValueKind is JsonValueKind.Object;
}
