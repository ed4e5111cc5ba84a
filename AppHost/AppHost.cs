var builder = DistributedApplication.CreateBuilder(args);

// Who people are: realm `corp` is your company's, realm `partner` plays another company.
var identity = builder.AddIdentityProvider();

// MCP servers: one that has no authentication of its own, one with every feature of MCP, and one of the other company, where each
// person has an account.
var weather = builder.AddSampleMcpServer("weather");
var everything = builder.AddSampleMcpServer("everything");
var notes = builder.AddSampleMcpServer("notes").ProtectedBy(identity.Partner);

// The door: checks every caller, then forwards to what is behind it. Watching storms takes one more scope; notes takes each
// person's consent at the other company, once.
var gateway = builder
    .AddGateway("gateway")
    .WithIssuer(identity.Corp)
    .WithTarget(weather)
    .WithToolScope(weather, "watch_storm", "weather:alerts")
    .WithTarget(everything)
    .WithTarget(
        notes,
        target =>
            target
                .WithUserConsent(identity.Partner, "notes:read", "notes:write", "openid", "profile")
                .WithTools("../SampleMcpServer/Notes/tools.json")
    );

// An agent: signs in as alice and calls tools through the door. The first call of notes asks for her consent, the next does not.
builder
    .AddTestClient("testclient")
    .CallsTool(gateway, "weather___get_forecast", "city=Lisbon")
    .ThenCallsTool("notes___add_note", "title=Umbrella", "text=Lisbon, tomorrow")
    .ThenCallsTool("notes___list_notes")
    .SignsInAs("alice", identity.DemoPassword)
    .ConsentsAs("alice.p", identity.DemoPassword);

// Draws the flows of all of them, step by step.
builder.AddFlowDashboard();

builder.Build().Run();
