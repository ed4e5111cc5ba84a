// Puts the gateway under the official conformance suite; eng/conformance.sh runs the suite.
//   client URL   One scenario for clients: an agent, a person and an administrator use the gateway, and the suite's MCP server at
//                URL is its target. The suite starts this once for each scenario.
using AspireGateway.Gateway.ConformanceTests.Clients;

switch (args)
{
    case ["client", var url]:
        return await ClientScenario.RunAsync(new Uri(url));

    default:
        await Console.Error.WriteLineAsync("usage: Gateway.ConformanceTests client URL");
        return 64;
}
