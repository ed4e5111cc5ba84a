// What the engine's tests run, as resource and as engine. The first argument says which of the two, and how it behaves.
using System.Globalization;
using AspireGateway.AppHost.TestApp;
using AspireGateway.ServiceDefaults;

switch (args)
{
    case ["exit", var code, .. var lines]:
        Array.ForEach(lines, Console.WriteLine);
        return int.Parse(code, CultureInfo.InvariantCulture);

    case ["engine", .. var settings]:
        RunEngine(settings);
        return Environment.ExitCode;

    default:
        await ServeAsync(args);
        return 0;
}

static async Task ServeAsync(string[] args)
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddServiceDefaults();
    builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
    var app = builder.Build();
    app.MapDefaultEndpoints();
    Console.WriteLine($"own process {Environment.ProcessId}");
    app.MapGet("/env/{name}", static (string name) => Environment.GetEnvironmentVariable(name) ?? "(not set)");
    app.MapPost("/exit/{code:int}", static (int code) => Environment.Exit(code));
    if (args is ["stubborn", ..])
    {
        // A stop that hangs.
        app.Lifetime.ApplicationStopping.Register(static () => new ManualResetEventSlim().Wait());
    }

    await app.RunAsync();
}

// A little system: a service, another one that needs it, a job that runs once, and a program that knows nothing of engines
// and leaves a daemon behind.
static void RunEngine(string[] settings)
{
    const string Foreign =
        "echo watchdog process $PPID; echo foreign process $$; "
        + "($(command -v setsid) sleep 600 & echo daemon process $!); exec sleep 600";
    var builder = DistributedApplication.CreateBuilder(settings);
    var service = builder
        .AddProject<TestAppProject>("service", launchProfileName: "console")
        .WithHttpEndpoint(port: int.Parse(builder.Configuration["Port"]!, CultureInfo.InvariantCulture))
        .WithHttpHealthCheck("/health");
    var front = builder
        .AddProject<TestAppProject>("front", launchProfileName: "console")
        .WithHttpEndpoint()
        .WithHttpHealthCheck("/health")
        .WaitFor(service);
    builder.AddExecutable("foreign", "sh", ".", "-c", Foreign);
    builder
        .AddProject<TestAppProject>("job", launchProfileName: "console")
        .WithArgs("exit", builder.Configuration["JobExitCode"] ?? "0", "the job has run")
        .WaitFor(front);
    builder.Build().Run();
}
