using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace AspireGateway.TestClient.Tour;

/// <summary>What the tourist answers when the server asks; always the same.</summary>
internal sealed class Replies
{
    /// <summary>What the language model says.</summary>
    public const string FromModel = "The model says so.";

    /// <summary>The client's only root.</summary>
    public const string Root = "file:///tour";

    /// <summary>What is written into text fields without a default.</summary>
    public const string Text = "tourist";

    /// <summary>The last question for a person.</summary>
    public ElicitRequestParams? Asked { get; private set; }

    /// <summary>Answers a form with its defaults, and agrees to open a page.</summary>
    public ElicitResult Answer(ElicitRequestParams? question)
    {
        Asked = question;
        return new()
        {
            Action = "accept",
            Content = question?.RequestedSchema?.Properties.ToDictionary(
                static field => field.Key,
                static field => JsonSerializer.SerializeToElement(Value(field.Value)),
                StringComparer.Ordinal
            ),
        };
    }

    private static object Value(ElicitRequestParams.PrimitiveSchemaDefinition field) =>
        field switch
        {
            ElicitRequestParams.StringSchema text => text.Default ?? Text,
            ElicitRequestParams.NumberSchema number => number.Default ?? 1,
            ElicitRequestParams.BooleanSchema truth => truth.Default ?? true,
            ElicitRequestParams.UntitledSingleSelectEnumSchema choice => choice.Default ?? choice.Enum[0],
            ElicitRequestParams.TitledSingleSelectEnumSchema choice => choice.Default ?? choice.OneOf[0].Const,
            ElicitRequestParams.LegacyTitledEnumSchema choice => choice.Default ?? choice.Enum[0],
            ElicitRequestParams.UntitledMultiSelectEnumSchema choice => choice.Default ?? [choice.Items.Enum[0]],
            ElicitRequestParams.TitledMultiSelectEnumSchema choice => choice.Default ?? [choice.Items.AnyOf[0].Const],
            _ => Text,
        };
}
