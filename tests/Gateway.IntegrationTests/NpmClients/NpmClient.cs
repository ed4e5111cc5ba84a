using System.Diagnostics;
using System.Text.Json;
using AspireGateway.Gateway.IntegrationTests.Systems;
using AspireGateway.TestKit;

namespace AspireGateway.Gateway.IntegrationTests.NpmClients;

/// <summary>A client from npm as a process, which walks through the sample <c>everything</c>; the person at its browser is here.</summary>
internal sealed class NpmClient(string name) : IDisposable
{
    private readonly Browser _browser = new();

    /// <summary>Why none can run here; null where they can.</summary>
    public static string? Missing { get; } = NodeOfThisMachine.Missing ?? MissingPackages();

    /// <summary>The authorization requests that the person was asked to open.</summary>
    public IList<Uri> Requests { get; } = [];

    /// <summary>Lets it walk through <c>walk.mjs</c>, and tells what it saw.</summary>
    /// <exception cref="InvalidOperationException">It gave up; the message says why.</exception>
    public async Task<NpmSightings> WalkAsync(Uri endpoint, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(
            NodeOfThisMachine.Program,
            ["walk.mjs", name, endpoint.AbsoluteUri, SignedInClient.Callback.AbsoluteUri]
        )
        {
            WorkingDirectory = Folder(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        try
        {
            var complaints = process.StandardError.ReadToEndAsync(cancel);
            NpmSightings? seen = null;
            while (await process.StandardOutput.ReadLineAsync(cancel) is { } line)
            {
                var message = JsonSerializer.Deserialize<Message>(line, JsonSerializerOptions.Web)!;
                seen ??= message.Seen;
                if (message.Open is { } request)
                {
                    await process.StandardInput.WriteLineAsync(await SignInAsync(request, cancel));
                }
            }

            return seen ?? throw new InvalidOperationException(await complaints);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    public void Dispose() => _browser.Dispose();

    private async Task<string> SignInAsync(Uri request, CancellationToken cancel)
    {
        Requests.Add(request);
        var answer = await _browser.SignInAsync(
            request,
            SignedInClient.Callback,
            "alice",
            ComposedSystem.Password,
            cancellationToken: cancel
        );
        return JsonSerializer.Serialize(answer, JsonSerializerOptions.Web);
    }

    private static string? MissingPackages() =>
        Directory.Exists(Path.Combine(Folder(), "node_modules"))
            ? null
            : $"The clients are not installed: run 'npm ci' in {Folder()}.";

    private static string Folder() => Repository.File("tests/Gateway.IntegrationTests/NpmClients");

    private sealed record Message(Uri? Open, NpmSightings? Seen);
}

/// <summary>What a client saw on its walk.</summary>
/// <param name="Revision">The revision that it agreed on with the server.</param>
/// <param name="Tools">How many tools it was listed.</param>
/// <param name="Tool">Name of <c>test_simple_text</c> on the endpoint.</param>
/// <param name="Text">What that tool answered.</param>
/// <param name="Answered">What a tool made of the client's answer to its question.</param>
/// <param name="Progress">Progress of the long call, in the order of its arrival.</param>
/// <param name="Meanwhile">State of the long call at the server when progress had arrived.</param>
/// <param name="Left">Whether the client's call ended when it was cancelled.</param>
/// <param name="End">State of the call at the server after that.</param>
internal sealed record NpmSightings(
    string? Revision,
    int Tools,
    string Tool,
    string Text,
    string Answered,
    IReadOnlyList<double> Progress,
    string Meanwhile,
    bool Left,
    string End
);
