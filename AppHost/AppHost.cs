var builder = DistributedApplication.CreateBuilder(args);

// Who people are: realm `corp` is your company's, realm `partner` plays another company.
var identity = builder.AddIdentityProvider();

// An MCP server that has no authentication of its own.
var weather = builder.AddSampleMcpServer("weather");

// The door: checks every caller, then forwards to what is behind it. Watching storms takes one more consent.
var gateway = builder
    .AddGateway("gateway")
    .WithIssuer(identity.Corp)
    .WithTarget(weather)
    .WithToolScope(weather, "watch_storm", "weather:alerts");

// An agent: signs in as alice and calls a tool through the door.
builder
    .AddTestClient("testclient")
    .CallsTool(gateway, "weather___get_forecast", "city=Lisbon")
    .SignsInAs("alice", identity.DemoPassword);

builder.Build().Run();
