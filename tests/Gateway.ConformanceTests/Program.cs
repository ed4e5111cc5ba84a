// Puts the gateway under the official conformance suite; eng/conformance.sh runs the suite.
//   client URL   One scenario for clients: an agent, a person and an administrator use the gateway, and the suite's MCP server at
//                URL is its target. The suite starts this once for each scenario.
//   server       A server with every feature, behind the gateway, for all scenarios for servers: prints the addresses for the suite,
//                and stays until the standard input ends.
using AspireGateway.Gateway.ConformanceTests.Clients;
using AspireGateway.Gateway.ConformanceTests.Servers;

switch (args)
{
    case ["client", var url]:
        return await ClientScenario.RunAsync(new Uri(url));

    case ["server"]:
        return await ServerRoutes.RunAsync();

    default:
        await Console.Error.WriteLineAsync("usage: Gateway.ConformanceTests client URL | server");
        return 64;
}
