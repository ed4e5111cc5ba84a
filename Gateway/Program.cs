using AspireGateway.Gateway;
using AspireGateway.Gateway.Audit;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(GatewayTelemetry.Name, GatewayTelemetry.McpSdkName);

builder.AddGateway();
builder.AddAudit();

var app = builder.Build();

app.MapDefaultEndpoints();

return await app.RunGatewayAsync();
