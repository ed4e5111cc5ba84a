using AspireGateway.Gateway;
using AspireGateway.Gateway.Admin;
using AspireGateway.Gateway.Audit;
using AspireGateway.Gateway.Audit.Commands;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Mcp;
using AspireGateway.Gateway.Outbound;
using AspireGateway.Gateway.Policies;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Vault;
using AspireGateway.ServiceDefaults;

if (AuditCommand.IsAskedFor(args))
{
    return await AuditCommand.RunAsync(args);
}

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(GatewayTelemetry.Name, GatewayTelemetry.McpSdkName);

builder.AddGateway();
builder.AddTelemetry();
builder.AddAudit();
builder.AddVault();
builder.AddTargets();
builder.AddInbound();
builder.AddPolicies();
builder.AddOutbound();
builder.AddMcpEndpoints();
builder.AddAdmin();

await using var app = builder.Build();
if (!app.HasValidConfiguration())
{
    return GatewayExtensions.ConfigurationRefusedExitCode;
}

app.UseEdge(); //              1 host, origin, size
app.UseAuthorization(); //     2 who calls: everything not anonymous needs an access token; 401 with challenge
app.UseMcpPipeline(); //       1–5 strict JSON, target and tool, scopes, audit

app.MapDefaultEndpoints();
app.MapProtectedResourceMetadata();
app.MapSignIn(); //            people: back from their identity provider
app.MapConnect(); //           people: consent, callbacks
app.MapMcpEndpoints(); //      6–10 the aggregate, and each target as it is
app.MapAdmin(); //             administrators: targets, catalogue, vault

await app.RunAsync();
return 0;
