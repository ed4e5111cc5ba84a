using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Mcp.Aggregate;
using AspireGateway.Gateway.Mcp.Aggregate.Conversation;
using AspireGateway.Gateway.Mcp.Aggregate.Feeds;
using AspireGateway.Gateway.Mcp.Credentials;
using AspireGateway.Gateway.Mcp.Limits;
using AspireGateway.Gateway.Mcp.PerTarget;
using AspireGateway.Gateway.Mcp.Sessions;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.Gateway.Mcp;

internal static class McpExtensions
{
    /// <summary>Adds the MCP endpoints: the aggregate, and each target as it is.</summary>
    public static void AddMcpEndpoints(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<McpOptions>, McpOptions.Validator>();
        services.AddOptions<McpOptions>().BindConfiguration(McpOptions.Section).ValidateOnStart();
        services.AddSingleton<IProtectedResources, ProtectedResources>();
        services.AddSingleton<RequestRouter>();
        services.AddSingleton<CallRecorder>();
        services.AddSingleton<ToolAccess>();
        services.AddSingleton<ParameterHeaders>();
        services.AddSingleton<CallLimits>();
        services.AddSingleton<Drain>();
        services.AddHealthChecks().AddCheck<Drain>("drain");
        services.Configure<HostOptions>(static host => host.ShutdownTimeout = Drain.ShutdownTimeout);
        AddPersons(services);

        services.AddSingleton<RelayedNames>();
        services.AddSingleton<AggregateHandshake>();
        services.AddSingleton<AggregateLists>();
        services.AddSingleton<TargetCall>();
        services.AddSingleton<ConnectedCall>();
        AddConversation(services);
        services.AddSingleton<AggregateEndpoint>();
        services.AddMcpServer().WithHttpTransport();
        services.AddOptions<McpServerOptions>().Configure<AggregateHandshake>(ConfigureAggregate);

        services.AddSingleton<SessionIds>();
        services.AddSingleton<FailedAnswers>();
        services.AddSingleton<AnswerRelay>();
        services.AddSingleton<TargetAnswers>();
        services.AddSingleton<TargetExchange>();
        services.AddSingleton<FilteredList>();
        services.AddSingleton<PersonalForwarder>();
        services.AddSingleton<TargetForwarder>();
    }

    private static void AddConversation(IServiceCollection services)
    {
        services.AddSingleton<QuestionIds>();
        services.AddSingleton<ClientQuestions>();
        services.AddSingleton<ParkedCalls>();
        services.AddSingleton<ParkedElsewhere>();
        services.AddSingleton<RunningCalls>();
        services.AddSingleton<CallConversation>();
        services.AddSingleton<RelayedCalls>();
        services.AddSingleton<ClientSettings>();
        services.AddSingleton<ClientFeeds>();
        services.AddSingleton<ListenRequests>();
    }

    private static void AddPersons(IServiceCollection services)
    {
        services.AddSingleton<ClientSessions>();
        services.AddSingleton<SessionGate>();
        services.AddSingleton<SessionEndpoints>();
        services.AddSingleton<RequestStates>();
        services.AddSingleton<ConsentAnswers>();
        services.AddSingleton<CredentialGate>();
        services.AddSingleton<VisibleCatalogue>();
        services.AddSingleton<CatalogueAnswers>();
        services.AddSingleton<UpstreamSessionOpener>();
    }

    /// <summary>Steps 3 to 5 and 10, for both endpoints.</summary>
    public static void UseMcpPipeline(this IApplicationBuilder app) => app.UseMiddleware<McpPipeline>();

    /// <summary>Steps 6 to 9: <c>/mcp</c>, and <c>/mcp/{target}</c>.</summary>
    public static void MapMcpEndpoints(this IEndpointRouteBuilder endpoints)
    {
        var aggregate = endpoints.MapMcp(GatewayOptions.McpPath);
        aggregate.Add(endpoints.ServiceProvider.GetRequiredService<AggregateEndpoint>().Precede);
        Protect(aggregate);
        Protect(
            endpoints.MapMethods(
                GatewayOptions.McpPath,
                [HttpMethods.Get, HttpMethods.Delete],
                static (HttpContext context, SessionEndpoints streams) =>
                    streams.HandleAsync(context, context.Features.Get<FoundSession>())
            )
        );
        Protect(
            endpoints.MapMethods(
                $"{GatewayOptions.McpPath}/{{{McpEndpointMetadata.TargetRouteValue}}}",
                [HttpMethods.Get, HttpMethods.Post, HttpMethods.Delete],
                endpoints.ServiceProvider.GetRequiredService<TargetForwarder>().ForwardAsync
            )
        );
    }

    private static void Protect(IEndpointConventionBuilder endpoint) =>
        endpoint
            .RequireAuthorization(InboundExtensions.McpPolicy)
            .RequireCors(InboundExtensions.McpCorsPolicy)
            .WithMetadata(McpEndpointMetadata.Instance);

    private static void ConfigureAggregate(McpServerOptions options, AggregateHandshake handshake)
    {
        options.ServerInfo = new Implementation
        {
            Name = "AspireGateway",
            Version = "1.0.0",
            Title = "AspireGateway",
        };
        options.Capabilities = new ServerCapabilities { Tools = new ToolsCapability() };
        options.Filters.Message.OutgoingFilters.Add(handshake.Wrap);
    }
}
