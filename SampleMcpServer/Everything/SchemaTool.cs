using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer.Everything;

/// <summary>A tool whose input schema uses the wide vocabulary of JSON Schema 2020-12, which must arrive at clients as it is.</summary>
internal static class SchemaTool
{
    private const string Schema = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "object",
          "$defs": {
            "address": {
              "$anchor": "addressDef",
              "type": "object",
              "properties": { "street": { "type": "string" }, "city": { "type": "string" } }
            }
          },
          "properties": {
            "name": { "type": "string" },
            "address": { "$ref": "#/$defs/address" },
            "contactMethod": { "type": "string", "enum": ["phone", "email"] },
            "phone": { "type": "string" },
            "email": { "type": "string" }
          },
          "allOf": [{ "anyOf": [{ "required": ["phone"] }, { "required": ["email"] }] }],
          "if": { "properties": { "contactMethod": { "const": "phone" } }, "required": ["contactMethod"] },
          "then": { "required": ["phone"] },
          "else": { "required": ["email"] },
          "additionalProperties": false
        }
        """;

    /// <summary>Creates the tool.</summary>
    public static McpServerTool Create()
    {
        var tool = McpServerTool.Create(
            static (RequestContext<CallToolRequestParams> request) =>
                $"Received: {JsonSerializer.Serialize(request.Params!.Arguments)}",
            new()
            {
                Name = "json_schema_2020_12_tool",
                Description = "Answers with its arguments; its schema is what matters.",
            }
        );
        tool.ProtocolTool.InputSchema = JsonElement.Parse(Schema);
        return tool;
    }
}
