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
    var app = builder.Build();
    app.MapDefaultEndpoints();
    app.MapGet("/env/{name}", static (string name) => Environment.GetEnvironmentVariable(name) ?? "(not set)");
    app.MapPost("/exit/{code:int}", static (int code) => Environment.Exit(code));
    if (args is ["stubborn", ..])
    {
        // A stop that hangs.
        app.Lifetime.ApplicationStopping.Register(static () => new ManualResetEventSlim().Wait());
    }

    await app.RunAsync();
}

// A little system: a service, a program that knows nothing of engines, and a job that runs once.
static void RunEngine(string[] settings)
{
    var builder = DistributedApplication.CreateBuilder(settings);
    var service = builder.AddProject<TestAppProject>("service").WithHttpHealthCheck("/health");
    builder.AddExecutable("sleeper", "sleep", ".", "600");
    builder
        .AddProject<TestAppProject>("job", launchProfileName: "console")
        .WithArgs("exit", builder.Configuration["JobExitCode"] ?? "0", "the job has run")
        .WaitFor(service);
    builder.Build().Run();
}
