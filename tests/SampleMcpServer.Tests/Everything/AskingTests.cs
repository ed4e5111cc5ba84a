using System.Net;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AspireGateway.SampleMcpServer.Tests.Everything;

/// <summary>Questions to the caller: on the stream of the request in older revisions, as a result in newer ones.</summary>
public sealed class AskingTests(EverythingFixture server) : IClassFixture<EverythingFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Revisions => ["2025-06-18", "2025-11-25", "2026-07-28"];

    [Theory, MemberData(nameof(Revisions))]
    public async Task Person_model_and_client_are_asked_in_every_revision(string revision)
    {
        var person = new TalkativeClient();
        await using var client = await server.ConnectAsAsync(person.Options(revision), Cancel);

        (await CallAsync(client, "test_elicitation", ("message", "Who are you?"))).ShouldBe(
            """User response: action=accept, content={"username":"my username","email":"my email"}"""
        );
        (await CallAsync(client, "test_sampling", ("prompt", "Say something"))).ShouldBe(
            "LLM response: as the model says"
        );
        (await CallAsync(client, "list_client_roots")).ShouldBe("The client's roots: file:///work");
        (await CallAsync(client, "test_input_required_result_multiple_inputs")).ShouldBe(
            "as the model says my name, you work in file:///work."
        );
        (await CallAsync(client, "test_input_required_result_multi_round")).ShouldBe("my name likes my color.");
    }

    [Fact]
    public async Task Who_cannot_be_asked_is_told_so_in_words_in_a_session()
    {
        await using var client = await server.ConnectAsync("2025-11-25", Cancel);

        var result = await client.CallToolAsync("list_client_roots", cancellationToken: Cancel);

        result.IsError.ShouldBe(true);
        Text(result).ShouldContain("roots/list");
    }

    [Fact]
    public async Task Who_cannot_be_asked_is_told_so_by_a_code_without_session()
    {
        await using var client = await server.ConnectAsync("2026-07-28", Cancel);

        // The SDK's client does not read the JSON-RPC error of an answer 400 that is an event stream.
        var refusal = await Should.ThrowAsync<HttpRequestException>(async () =>
            await client.CallToolAsync("list_client_roots", cancellationToken: Cancel)
        );

        refusal.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        refusal.Message.ShouldContain(
            """
            "code":-32021
            """
        );
        refusal.Message.ShouldContain(
            """
            "requiredCapabilities":{"roots":{}}
            """
        );
    }

    [Fact]
    public async Task A_page_to_open_has_an_id_in_the_revision_that_knows_ids_only()
    {
        var person = new TalkativeClient();
        await using var modern = await server.ConnectAsAsync(person.Options("2026-07-28"), Cancel);
        await CallAsync(modern, "elicit_url");
        person.Asked.ShouldNotBeNull().ElicitationId.ShouldBeNull();

        await using var older = await server.ConnectAsAsync(person.Options("2025-11-25"), Cancel);
        await CallAsync(older, "elicit_url");
        person.Asked.ShouldNotBeNull().ElicitationId.ShouldNotBeNull();
        var required = await Should.ThrowAsync<UrlElicitationRequiredException>(() => CallAsync(older, "requires_url"));
        required.Elicitations.Single().Url.ShouldBe("https://example.com/agree");
    }

    private static async Task<string> CallAsync(
        McpClient client,
        string tool,
        params (string Name, object? Value)[] arguments
    ) =>
        Text(
            await client.CallToolAsync(
                tool,
                arguments.ToDictionary(argument => argument.Name, argument => argument.Value, StringComparer.Ordinal),
                cancellationToken: Cancel
            )
        );

    private static string Text(CallToolResult result) => result.Content.OfType<TextContentBlock>().Single().Text;
}
