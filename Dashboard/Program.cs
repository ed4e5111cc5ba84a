using AspireGateway.Dashboard;

// The dashboard as a program of its own: it shows what sends telemetry to it. The local engine hosts it in its process instead.
var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddHostedService<StandaloneDashboard>();
builder.Build().Run();
