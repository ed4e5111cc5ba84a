using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AspireGateway.TestClient.Tour.Stops;

/// <summary>Servers that ask the client: by requests on a stream, or by a result that wants to be answered.</summary>
internal static class AskingStops
{
    public static readonly Stop[] All =
    [
        new(
            "sampling",
            static async (c, cancel) =>
                Expect.Text(await c.CallAsync("test_sampling", cancel, ("prompt", "Is it so?")), Replies.FromModel)
        ),
        new(
            "roots",
            static async (c, cancel) => Expect.Text(await c.CallAsync("list_client_roots", cancel), Replies.Root)
        ),
        new(
            "elicitation: form",
            static async (c, cancel) =>
                Expect.Text(await c.CallAsync("test_elicitation", cancel, ("message", "Who?")), Replies.Text)
        )
        {
            Since = Revisions.Elicitation,
        },
        new("elicitation: defaults", DefaultsAsync) { Since = Revisions.Links },
        new(
            "elicitation: choices",
            static async (c, cancel) =>
                Expect.Text(
                    await c.CallAsync("test_elicitation_sep1330_enums", cancel),
                    """
                    "titledMulti":["value1"]
                    """
                )
        )
        {
            Since = Revisions.Links,
        },
        new("elicitation: link", LinkAsync) { Since = Revisions.Links },
        new("elicitation: link required", LinkRequiredAsync) { Since = Revisions.Links },
        new(
            "several questions at once",
            static async (c, cancel) =>
                Expect.Text(
                    await c.CallAsync("test_input_required_result_multiple_inputs", cancel),
                    $"{Replies.FromModel} {Replies.Text}, you work in {Replies.Root}."
                )
        )
        {
            Since = Revisions.Elicitation,
        },
        new(
            "questions in rounds",
            static async (c, cancel) =>
                Expect.Text(
                    await c.CallAsync("test_input_required_result_multi_round", cancel),
                    $"{Replies.Text} likes {Replies.Text}."
                )
        )
        {
            Since = Revisions.Elicitation,
        },
        new("question of a prompt", PromptAsync) { Since = Revisions.WithoutSessions },
    ];

    private static async Task DefaultsAsync(TourClient client, CancellationToken cancellationToken)
    {
        var result = await client.CallAsync("test_elicitation_sep1034_defaults", cancellationToken);
        Expect.Text(result, "John Doe");
        Expect.That(
            client.Replies.Asked?.RequestedSchema?.Properties["verified"]
                is ElicitRequestParams.BooleanSchema { Default: true },
            "the default of 'verified' did not arrive"
        );
    }

    private static async Task LinkAsync(TourClient client, CancellationToken cancellationToken)
    {
        Expect.Text(await client.CallAsync("elicit_url", cancellationToken), "action=accept");
        Expect.That(client.Replies.Asked?.Mode is "url", "the question was none to open a page");
    }

    // A server of 2025-11-25 answers with error -32042; a gateway whose target speaks a newer revision may ask instead.
    private static async Task LinkRequiredAsync(TourClient client, CancellationToken cancellationToken)
    {
        try
        {
            Expect.Text(await client.CallAsync("requires_url", cancellationToken), "action=accept");
        }
        catch (UrlElicitationRequiredException required) when (!client.IsModern)
        {
            Expect.That(required.Elicitations is [{ Url.Length: > 0 }], "the error names no page");
        }
    }

    private static async Task PromptAsync(TourClient client, CancellationToken cancellationToken)
    {
        var prompt = await client.Client.GetPromptAsync(
            client.Name("test_input_required_result_prompt"),
            cancellationToken: cancellationToken
        );
        Expect.That(
            prompt.Messages is [{ Content: TextContentBlock text }]
                && text.Text.Contains(Replies.Text, StringComparison.Ordinal),
            "the answer is not in the prompt"
        );
    }
}
