using AspireGateway.TestClient;
using AspireGateway.TestClient.Cli;

return await CommandLine.RunAsync(args, Surroundings.OfThisProcess(), CancellationToken.None);
