using ModelContextProtocol.Protocol;

namespace AspireGateway.SampleMcpServer.Everything.Asking;

/// <summary>A field for each kind of choice that a form can have.</summary>
internal static class Choices
{
    private static readonly ElicitRequestParams.EnumSchemaOption[] Titled =
    [
        new() { Const = "value1", Title = "First Option" },
        new() { Const = "value2", Title = "Second Option" },
        new() { Const = "value3", Title = "Third Option" },
    ];

    /// <summary>The fields.</summary>
    public static IEnumerable<(string Name, ElicitRequestParams.PrimitiveSchemaDefinition Schema)> All =>
        [
            (
                "untitledSingle",
                new ElicitRequestParams.UntitledSingleSelectEnumSchema { Enum = ["option1", "option2", "option3"] }
            ),
            ("titledSingle", new ElicitRequestParams.TitledSingleSelectEnumSchema { OneOf = Titled }),
            (
                "legacyEnum",
                new ElicitRequestParams.LegacyTitledEnumSchema
                {
                    Enum = ["opt1", "opt2", "opt3"],
                    EnumNames = ["Option One", "Option Two", "Option Three"],
                }
            ),
            (
                "untitledMulti",
                new ElicitRequestParams.UntitledMultiSelectEnumSchema
                {
                    Items = new() { Enum = ["option1", "option2", "option3"] },
                }
            ),
            ("titledMulti", new ElicitRequestParams.TitledMultiSelectEnumSchema { Items = new() { AnyOf = Titled } }),
        ];
}
