using System.Text.Json.Nodes;
using AspireGateway.TestKit;

namespace AspireGateway.Gateway.ConformanceTests.Clients;

/// <summary>
/// One scenario: the suite plays a protected MCP server and its authorization server, and watches how the gateway behaves as their
/// client. The agent does what agents do: lists tools, calls them, lets its person consent, and repeats the call.
/// </summary>
internal sealed class ClientScenario(GatewayProcess gateway, Agent agent, Person person, Uri target)
{
    private const string TargetName = "suite";

    // The suite's servers have it; an agent may know a tool from elsewhere than the list.
    private const string KnownTool = TargetName + "___test-tool";

    // Where the suite says that this document is.
    private const string ClientMetadataDocument = "https://conformance-test.local/client-metadata.json";

    // Whoever asks more often than this asks for ever.
    private const int MaxQuestions = 5;

    // A little less than the suite's, which only ends the shell around this process.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(110);

    private readonly HashSet<string> _called = new(StringComparer.Ordinal);

    /// <summary>Runs the scenario that the suite has prepared at <paramref name="target"/>.</summary>
    /// <returns>0 when the last call succeeded.</returns>
    public static async Task<int> RunAsync(Uri target)
    {
        using var patience = new CancellationTokenSource(Patience);
        await using var gateway = await GatewayProcess.StartAsync(Settings(target), patience.Token);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        using var person = new Person();
        var agent = Agent.For(
            Environment.GetEnvironmentVariable("MCP_CONFORMANCE_PROTOCOL_VERSION"),
            http,
            new Uri(gateway.Url + "/mcp"),
            gateway.Token()
        );
        return await new ClientScenario(gateway, agent, person, target).PlayAsync(patience.Token) ? 0 : 1;
    }

    private async Task<bool> PlayAsync(CancellationToken cancel)
    {
        await agent.StartAsync(cancel);
        var success = await CallListedToolsAsync(cancel);
        // Before the consent only a stand-in is listed.
        success = success && await CallListedToolsAsync(cancel);
        return success && (_called.Contains(KnownTool) || await CallAsync(KnownTool, cancel));
    }

    private async Task<bool> CallListedToolsAsync(CancellationToken cancel)
    {
        foreach (var tool in await agent.ListToolsAsync(cancel))
        {
            if (_called.Add(tool) && !await CallAsync(tool, cancel))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> CallAsync(string tool, CancellationToken cancel)
    {
        AgentAnswer? asked = null;
        for (var questions = 0; questions < MaxQuestions; questions++)
        {
            var answer = await agent.CallAsync(tool, asked, cancel);
            asked = null;
            if (answer.Question is { } link)
            {
                if (!await person.ConsentAsync(link, cancel))
                {
                    return false;
                }

                asked = answer;
            }
            else if (answer.NeedsAdministrator)
            {
                await ConfirmAuthorizationServerAsync(cancel);
            }
            else
            {
                return answer.Result is not null;
            }
        }

        return false;
    }

    /// <summary>The administrator has found out that the target's move to another authorization server is right.</summary>
    private async Task ConfirmAuthorizationServerAsync(CancellationToken cancel)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var origin = target.GetLeftPart(UriPartial.Authority);
        var metadata = await http.GetStringAsync(
            new Uri($"{origin}/.well-known/oauth-protected-resource{target.AbsolutePath}"),
            cancel
        );
        var issuer = JsonNode.Parse(metadata)!["authorization_servers"]![0]!.ToString();
        Console.WriteLine($"administrator: confirms {issuer}");
        await gateway.RestartAsync(
            new Dictionary<string, string>(StringComparer.Ordinal) { [Setting("AuthorizationCode__Issuer")] = issuer },
            cancel
        );
    }

    private static Dictionary<string, string> Settings(Uri target)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Gateway__Outbound__ClientMetadataDocument"] = ClientMetadataDocument,
            [Setting("Url")] = target.AbsoluteUri,
            [Setting("Credential")] = "authorization_code",
        };
        // What somebody registered by hand, in the scenarios about that.
        if (
            Environment.GetEnvironmentVariable("MCP_CONFORMANCE_CONTEXT") is { } context
            && JsonNode.Parse(context)?["client_id"] is { } client
        )
        {
            settings[Setting("AuthorizationCode__ClientId")] = client.ToString();
            settings[Setting("AuthorizationCode__ClientSecret")] =
                JsonNode.Parse(context)!["client_secret"]?.ToString() ?? "";
        }

        return settings;
    }

    private static string Setting(string name) => $"Gateway__Targets__{TargetName}__{name}";
}
