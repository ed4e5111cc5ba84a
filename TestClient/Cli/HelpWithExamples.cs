using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace AspireGateway.TestClient.Cli;

/// <summary>The usual help, and below it what one would really type.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    private const string Examples = """
        Examples:
          List the tools of the gateway; your browser opens for the sign-in:
            testclient tools http://localhost:5180/mcp

          Call a tool, signed in as alice without a browser (the password comes from the environment):
            TESTCLIENT_PASSWORD=demo testclient call http://localhost:5180/mcp weather___get_forecast --arg city=Berlin --user alice

          Call several, one after the other. Where a target behind the gateway needs your consent, your browser opens for that;
          with --user the test client goes through the pages by itself, at the third party as --third-party-user:
            testclient call http://localhost:5180/mcp notes___add_note --arg title=Milk --then notes___list_notes

          Every feature of MCP with every revision, through both endpoints of the gateway:
            TESTCLIENT_PASSWORD=demo testclient tour http://localhost:5180/mcp --target everything --user alice

          An access token for a script:
            token=$(TESTCLIENT_PASSWORD=demo testclient token http://localhost:5180/mcp --user carol --scope mcp:admin)

          What happened in a run, step by step, as the dashboard knows it of everybody who took part:
            testclient trace 0af7651916cd43dd8448eb211c80319c --dashboard 'http://localhost:5170/login?t=…'

          Numbers, truths and lists are read as the tool's schema wants them; name:=… is always JSON:
            testclient call http://localhost:5190/mcp compare_cities --arg cities=Oslo,Lisbon --arg by=rain
            testclient call http://localhost:5190/mcp compare_cities --arg 'cities:=["Oslo","Lisbon"]'

          Be known to the authorization server in another way than dynamic registration:
            testclient tools http://localhost:5180/mcp --client-id aspire-gateway-testclient
            testclient tools http://localhost:5180/mcp --client-id-document

        Environment:
          TESTCLIENT_PASSWORD              password for --user
          TESTCLIENT_THIRD_PARTY_PASSWORD  password for --third-party-user; on this machine by default the one for --user
          TESTCLIENT_CLIENT_SECRET         secret of the client named by --client-id
          FLOW_DASHBOARD_URL               the dashboard, for the link at the end of a run and for the command trace
          OTEL_EXPORTER_OTLP_ENDPOINT      where the trace of the run is sent
          NO_COLOR, FORCE_COLOR            no colours, or colours also in a pipe

        Exit code: 0 when everything worked, 1 when something did not; the last line says what to do.
        """;

    /// <inheritdoc />
    public override bool ClearsParseErrors => true;

    /// <inheritdoc />
    public override int Invoke(ParseResult parseResult)
    {
        var exitCode = usual.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine(Examples);
        return exitCode;
    }
}
