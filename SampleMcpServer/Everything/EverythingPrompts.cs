using System.ComponentModel;
using AspireGateway.SampleMcpServer.Everything.Asking;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer.Everything;

[McpServerPromptType]
internal sealed class EverythingPrompts
{
    /// <summary>Whose arguments can be completed.</summary>
    public const string WithArguments = "test_prompt_with_arguments";

    [McpServerPrompt(Name = "test_simple_prompt")]
    [Description("One message without arguments.")]
    public static string Simple() => "This is a simple prompt for testing.";

    [McpServerPrompt(Name = WithArguments)]
    [Description("One message with both arguments in it.")]
    public static string Arguments(
        [Description("The first argument")] string arg1,
        [Description("The second argument")] string arg2
    ) => $"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'";

    [McpServerPrompt(Name = "test_prompt_with_embedded_resource")]
    [Description("A message with a resource inside, and one that speaks of it.")]
    public static IEnumerable<PromptMessage> EmbeddedResource(
        [Description("The address of the resource")] string resourceUri
    ) =>
        [
            Message(
                new EmbeddedResourceBlock
                {
                    Resource = new TextResourceContents
                    {
                        Uri = resourceUri,
                        MimeType = "text/plain",
                        Text = "Embedded resource content for testing.",
                    },
                }
            ),
            Message(new TextContentBlock { Text = "Please process the embedded resource above." }),
        ];

    [McpServerPrompt(Name = "test_prompt_with_image")]
    [Description("A message with a picture, and one that speaks of it.")]
    public static IEnumerable<PromptMessage> Image() =>
        [
            Message(ImageContentBlock.FromBytes(Media.Pixel, "image/png")),
            Message(new TextContentBlock { Text = "Please analyze the image above." }),
        ];

    [McpServerPrompt(Name = "test_input_required_result_prompt")]
    [Description("Asks the person for a context before there is a prompt.")]
    public static string InputRequired(RequestContext<GetPromptRequestParams> request)
    {
        var answers = Question.Ask(
            request,
            request.Params,
            new()
            {
                ["user_context"] = Question.Form("What context should the prompt use?", ("context", Question.Text())),
            }
        );
        return $"Use this context: {answers.Field("user_context", "context")}";
    }

    private static PromptMessage Message(ContentBlock content) => new() { Role = Role.User, Content = content };
}
