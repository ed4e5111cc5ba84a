using AspireGateway.Dashboard;
using AspireGateway.ServiceDefaults;

// The dashboard as a program of its own: it shows what sends telemetry to it. The local engine hosts it in its process instead.
var builder = Host.CreateApplicationBuilder(args);
builder.AddServiceDefaults();

// Health probes and live views would fill the log.
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.Services.AddHostedService<StandaloneDashboard>();
builder.Build().Run();
