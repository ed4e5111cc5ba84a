using AspireGateway.SampleMcpServer;
using AspireGateway.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(SampleServer.TelemetrySource);

if (!builder.TryAddSample(out var mistake))
{
    await Console.Error.WriteLineAsync(mistake);
    return SampleServer.ConfigurationRefused;
}

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapSample();
await app.RunAsync();
return 0;
