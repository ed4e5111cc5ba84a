using AspireGateway.SampleMcpServer.Everything.Asking;
using AspireGateway.SampleMcpServer.Everything.Changes;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer.Everything;

/// <summary>
/// The sample <c>everything</c>: each feature of MCP once, for clients of every revision. What is named <c>test_…</c> is what the
/// official conformance suite asks of a server; the rest shows what the suite does not look at. Answers are the same every time,
/// except for what a caller changes by the tools that are there for it.
/// </summary>
internal static class EverythingSample
{
    public static readonly Sample Definition = new("everything", Add)
    {
        SessionMode = HttpServerSessionMode.StatefulForInitializeClients,
    };

    private static void Add(IMcpServerBuilder mcp)
    {
        mcp.Services.AddSingleton<WatchedResource>();
        mcp.Services.AddSingleton<IPostConfigureOptions<McpServerOptions>, SharedOffers>();
        mcp.Services.AddSingleton<SessionSubscriptions>();
        mcp.Services.AddSingleton<SignedStates>();
        mcp.Services.AddSingleton<LongCalls>();
        // Lets clients of older revisions take up a stream where it broke off.
        mcp.Services.AddDistributedMemoryCache();
        mcp.WithDistributedCacheEventStreamStore();
        mcp.Services.AddOptions<HttpServerTransportOptions>()
            .Configure<SessionSubscriptions>((transport, sessions) => transport.RunSessionHandler = sessions.RunAsync);
        mcp.Services.Configure<McpServerOptions>(server =>
        {
            server.ServerInstructions = "Every feature of MCP once. Call test_simple_text to see that it works.";
            // The SDK declares what follows from the lists, but not that single resources can be watched.
            server.Capabilities = new() { Resources = new() { Subscribe = true } };
        });

        mcp.WithTools<ContentTools>()
            .WithTools<RunningTools>()
            .WithTools<AskingTools>()
            .WithTools<InputRequiredTools>()
            .WithTools<ChangeTools>()
            .WithTools([SchemaTool.Create()])
            .WithPrompts<EverythingPrompts>()
            .WithResources<EverythingResources>()
            .WithResources(EverythingResources.Numbered())
            .WithReadResourceHandler(EverythingResources.NotFound)
            .WithCompleteHandler(Suggestions.CompleteAsync)
            .WithSubscribeToResourcesHandler(SessionSubscriptions.SubscribeAsync)
            .WithUnsubscribeFromResourcesHandler(SessionSubscriptions.UnsubscribeAsync)
            .WithSubscriptionsListenHandler(ListenStream.HandleAsync)
            .WithRequestFilters(Pages.AddTo)
            .WithMessageFilters(static filters => filters.AddOutgoingFilter(EveryRevision.Filter));
    }
}
