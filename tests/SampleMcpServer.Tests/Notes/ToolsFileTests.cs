using System.Text.Json;
using System.Text.Json.Nodes;

namespace AspireGateway.SampleMcpServer.Tests.Notes;

/// <summary>
/// The file that tells a gateway which tools there are before anybody has consented. To renew it, write what this test shows.
/// </summary>
public sealed class ToolsFileTests(NotesFixture server) : IClassFixture<NotesFixture>
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public async Task The_file_has_exactly_the_tools_that_the_server_lists()
    {
        var cancel = TestContext.Current.CancellationToken;
        const string List = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";
        using var response = await server.PostAsync(List, server.Token(), cancel);
        var answer = await response.Content.ReadAsStringAsync(cancel);
        var json = answer.TrimStart().StartsWith('{') ? answer : answer.Split("data: ")[1].Split('\n')[0];
        var listed = JsonNode.Parse(json)!["result"]!["tools"]!.AsArray();
        var file = Path.Combine(AppContext.BaseDirectory, "../../../../SampleMcpServer/Notes/tools.json");

        var shipped = JsonNode.Parse(await File.ReadAllTextAsync(file, cancel))!["tools"]!.AsArray();

        Sorted(shipped).ShouldBe(Sorted(listed));
    }

    private static string Sorted(JsonArray tools) =>
        new JsonArray([
            .. tools
                .Select(static tool => tool!.DeepClone())
                .OrderBy(static tool => tool["name"]!.ToString(), StringComparer.Ordinal),
        ]).ToJsonString(Indented);
}
